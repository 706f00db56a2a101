package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.FlushMode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker that answers when its followers have what was sent, on a real network. */
class AwaitedFollowersTest {

  @AutoClose
  private final FollowedBrokers brokers = new FollowedBrokers();

  @ParameterizedTest
  @EnumSource(FlushMode.class)
  void shouldAcknowledgeWhatAFollowerHas(FlushMode flush) throws Exception {
    // given: the leader's machine is lost at once after each answer
    Broker leader = brokers.broker(brokers.here, 0, 2);
    Follower follower = brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, flush);
    brokers.awaitServed(leader);
    List<String> sent = brokers.send(leader, "acknowledged", 50);

    // when: the follower loses power, too, where it syncs before it vouches for something
    brokers.here.crash();
    if (flush == FlushMode.SYNC) {
      brokers.there.crash();
    }
    brokers.stop(leader);
    brokers.stop(follower);

    // then
    assertThat(brokers.pulled(brokers.broker(brokers.there))).isEqualTo(sent);
  }

  @Test
  void shouldNeitherAcknowledgeNorShowWhatNoFollowerHas() throws Exception {
    // given
    Broker leader = brokers.broker(brokers.here, 0, 2);
    Follower follower =
        brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
    brokers.awaitServed(leader);
    List<String> sent = brokers.send(leader, "acknowledged", 3);

    // when
    brokers.stop(follower);
    Request alone = FollowedBrokers.message("alone 0 " + "x".repeat(300), 0, "");
    CompletableFuture<Answer> answer = brokers.calls.call(leader, alone);
    await().until(() -> {
      brokers.clock.advance(100);
      return answer.isDone();
    });

    // then
    assertThat(answer.join().code()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE.number());
    assertThat(answer.join().remark()).contains("[NOT-REPLICATED]", "outcome is unknown");
    assertThat(brokers.pulled(leader)).isEqualTo(sent);

    // when: it is there after all
    brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
    sent.add("alone 0 " + "x".repeat(300));
    await()
        .atMost(BrokerCalls.PATIENCE)
        .untilAsserted(() -> assertThat(brokers.pulled(leader)).isEqualTo(sent));
  }

  @Test
  void shouldRefuseWhatIsNewWhileFollowersAreNotInStep() throws Exception {
    // given
    Broker leader = brokers.broker(brokers.here, 0, 2);
    Follower follower =
        brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
    brokers.awaitServed(leader);
    brokers.send(leader, "acknowledged", 1);
    brokers.stop(follower);
    long before = brokers.position(leader, "commitLogMaxOffset");

    // when
    brokers.clock.advance(3_000);
    Answer refused = brokers
        .calls
        .call(leader, FollowedBrokers.message("new 0 " + "x".repeat(300), 0, ""))
        .join();

    // then
    assertThat(refused.code()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE.number());
    assertThat(refused.remark()).contains("[UNDER-REPLICATED]", "replication.min-in-sync");
    assertThat(brokers.position(leader, "commitLogMaxOffset")).isEqualTo(before);
  }

  @Test
  void shouldServeNobodyBeforeAFollowerHasWhatIsThere() throws Exception {
    // given: something that was never replicated
    Broker alone = brokers.broker(brokers.here);
    List<String> sent = brokers.send(alone, "alone", 3);
    brokers.stop(alone);

    // when
    Broker leader = brokers.broker(brokers.here, 0, 2);
    Answer early = brokers.calls.pull(leader, "group", 0, 0);

    // then
    assertThat(early.isOk()).isFalse();
    brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
    brokers.awaitServed(leader);
    assertThat(brokers.pulled(leader)).isEqualTo(sent);
  }
}
