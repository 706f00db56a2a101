package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.header;
import static io.escrowmq.namesrv.ByHand.topics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.BrokerNameHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteLoopTest {

  private final ByHand namesrv = new ByHand();
  private final FakeConnection connection = new FakeConnection();

  @Test
  void shouldAnswerBusyWhenMoreBytesWaitThanMayAndTakeInAgainAfterATurn() {
    // given: 64 MiB may wait
    byte[] large = new byte[15 << 20];
    List<FakeCall> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(namesrv.send(connection, RequestCode.REGISTER_BROKER, header("a", 0), large));
    }

    // when
    FakeCall last = calls.get(4);

    // then
    assertThat(last.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);
    assertThat(last.reply().remark()).contains("67108864 bytes");
    assertThat(calls.subList(0, 4)).noneMatch(FakeCall::isAnswered);

    // when
    namesrv.loop.turn();
    FakeCall after = namesrv.register(connection, "a", 0, topics(1, "T", "U"));

    // then
    assertThat(after.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldAnswerBusyWhenMoreChangesWaitThanMay() {
    // given
    FakeCall last = wipe();
    while (!last.isAnswered()) {
      last = wipe();
    }

    // then
    assertThat(last.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);

    // when
    namesrv.loop.turn();

    // then
    assertThat(wipe().isAnswered()).isFalse();
  }

  @Test
  void shouldSeeWithinOneTurnWhatCameBefore() {
    // given
    namesrv.send(
        connection,
        RequestCode.REGISTER_BROKER,
        header("a", 0),
        topics(1, "T", "U").getBytes(UTF_8));
    FakeCall wiped = wipe();

    // when
    int moved = namesrv.loop.turn();

    // then
    assertThat(moved).isEqualTo(2);
    assertThat(wiped.replyFields()).containsEntry("wipeTopicCount", "2");
    assertThat(namesrv.loop.turn()).isZero();
  }

  @Test
  void shouldAnswerQuestionsAboutRoutesWithoutATurn() {
    // when
    FakeCall call =
        namesrv.send(connection, RequestCode.GET_BROKER_CLUSTER_INFO, WireHeader.NONE, new byte[0]);

    // then
    assertThat(call.replyBody()).isEqualTo("{\"brokerAddrTable\":{},\"clusterAddrTable\":{}}");
  }

  private FakeCall wipe() {
    return namesrv.send(
        connection, RequestCode.WIPE_WRITE_PERM_OF_BROKER, new BrokerNameHeader("a"), new byte[0]);
  }

  @Test
  void shouldRefuseOnlyTheChangeThatFailsAndAnswerAllOthersWhenOneAnswerFails() {
    // given
    FakeCall failing = new FakeCall(RequestCode.PUT_KV_CONFIG);
    FakeCall deaf = new FakeCall(RequestCode.PUT_KV_CONFIG) {
      @Override
      public void reply(Reply answered) {
        throw new IllegalStateException("the answer fails, as the test wants");
      }
    };
    FakeCall last = new FakeCall(RequestCode.PUT_KV_CONFIG);
    namesrv.loop.submit(failing, 1, (loop, now) -> {
      throw new IllegalStateException("the change fails, as the test wants");
    });
    namesrv.loop.submit(deaf, 1, (loop, now) -> Reply.ok());
    namesrv.loop.submit(last, 1, (loop, now) -> Reply.ok());

    // when
    int moved = namesrv.loop.turn();

    // then
    assertThat(moved).isEqualTo(3);
    assertThat(failing.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(last.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }
}
