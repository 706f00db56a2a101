package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.LONG;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.address;
import static io.escrowmq.remoting.netty.Loopback.assertReason;
import static io.escrowmq.remoting.netty.Loopback.settings;
import static io.escrowmq.remoting.netty.Loopback.withMaxPending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.frame.HeaderBuffer;
import io.escrowmq.remoting.frame.HeaderEncoding;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of a client: answered, too late, too many, to nobody. */
class NettyCallingTest {

  @AutoClose
  private final Loopback net = new Loopback();

  @ParameterizedTest
  @EnumSource
  void shouldBeAnsweredWithHeadersLikeItsOwn(HeaderEncoding encoding) throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client =
        net.client(RequestTable.of(), RemotingSettings.forClient().withRequestHeaders(encoding));

    // when
    Answer answer = net.call(client, server, ECHO, HELLO);

    // then
    assertThat(answer.fields().text("v")).isEqualTo(Integer.toString(HeaderBuffer.VERSION));
    assertThat(answer.body()).isEqualTo(HELLO);
  }

  @Test
  void shouldFailCallsAtTheirDeadlineAndServeLaterOnes() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(RequestTable.of());
    net.call(client, server, ECHO, HELLO);

    // when
    CompletionStage<Answer> longer =
        client.call(address(server), Request.of(PARK, WireHeader.NONE), LONG);
    CompletionStage<Answer> shorter =
        client.call(address(server), Request.of(PARK, WireHeader.NONE), Duration.ofMillis(50));

    // then
    assertReason(shorter, Reason.TIMED_OUT);
    assertThat(longer.toCompletableFuture()).isNotDone();
    await().until(() -> net.parked.size() == 2);
    net.parked.forEach(call -> call.reply(Reply.ok()));
    assertThat(longer.toCompletableFuture().get(5, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(net.call(client, server, ECHO, HELLO).isOk()).isTrue();
  }

  @Test
  void shouldKeepTheOrderOfCallsThatWaitForTheConnection() {
    // given
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(RequestTable.of());

    Queue<Integer> echoed = new ConcurrentLinkedQueue<>();

    // when
    for (byte number = 0; number < 50; number++) {
      Body body = Body.of(new byte[] {number});
      client
          .call(address(server), new Request(ECHO, WireHeader.NONE, body), LONG)
          .thenAccept(answer -> echoed.add((int) answer.body()[0]));
    }

    // then
    await().until(() -> echoed.size() == 50);
    assertThat(List.copyOf(echoed)).isSorted();
  }

  @Test
  void shouldFailPendingCallsWhenTheConnectionCloses() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(RequestTable.of());
    CompletionStage<Answer> pending =
        client.call(address(server), Request.of(PARK, WireHeader.NONE), LONG);
    await().until(() -> net.parked.size() == 1);

    // when
    net.parked.remove().connection().close();

    // then
    assertReason(pending, Reason.CONNECTION_CLOSED);
    assertThat(net.call(client, server, ECHO, HELLO).isOk())
        .as("connects again")
        .isTrue();
  }

  @Test
  void shouldRefuseCallsBeyondTheLimit() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(RequestTable.of(), withMaxPending(2));
    net.call(client, server, ECHO, HELLO);

    // when
    CompletionStage<Answer> first = net.park(client, server);
    CompletionStage<Answer> second = net.park(client, server);
    CompletionStage<Answer> third = net.park(client, server);

    // then
    assertReason(third, Reason.TOO_MANY_PENDING);
    await().until(() -> net.parked.size() == 2);
    net.parked.forEach(call -> call.reply(Reply.ok()));
    assertThat(first.toCompletableFuture().get(5, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(second.toCompletableFuture().get(5, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(net.call(client, server, ECHO, HELLO).isOk()).isTrue();
  }

  @Test
  void shouldRefuseWhatFitsNoFrameAndKeepTheConnection() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(RequestTable.of());
    int most = RemotingSettings.DEFAULT_MAX_FRAME_BYTES;

    // when
    CompletionStage<Answer> tooLarge = client.call(
        address(server), new Request(ECHO, WireHeader.NONE, Body.of(new byte[most])), LONG);

    // then
    assertReason(tooLarge, Reason.NOT_WRITABLE);
    assertThat(net.call(client, server, ECHO, HELLO).isOk()).isTrue();
  }

  @Test
  void shouldSayWhenItCannotConnect() throws Exception {
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(RequestTable.of());
    String address = address(server);
    server.close();

    assertReason(
        client.call(address, Request.of(ECHO, WireHeader.NONE), LONG), Reason.NOT_CONNECTED);
    assertReason(
        client.call("nowhere", Request.of(ECHO, WireHeader.NONE), LONG), Reason.NOT_CONNECTED);
    client.close();
    assertReason(
        client.call(address, Request.of(ECHO, WireHeader.NONE), LONG), Reason.NOT_CONNECTED);
  }
}
