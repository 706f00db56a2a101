package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.FetchLogHeader;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.SimulatedFileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker whose log is copied while it runs, on a real network: what a follower has when the leader is gone. */
class FollowedBrokerTest {

  @AutoClose
  private final FollowedBrokers brokers = new FollowedBrokers();

  @AutoClose
  private final RemotingClient client = TestNetwork.client();

  @ParameterizedTest
  @EnumSource(FlushMode.class)
  void shouldGoOnWithAllThatWasCopied(FlushMode flush) throws Exception {
    // given
    Broker leader = brokers.broker(brokers.here);
    Follower follower = brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, flush);
    List<String> sent = brokers.send(leader, "of the first", 2_500); // more than one segment
    brokers.awaitCopy(follower, leader);

    // when
    brokers.here.kill();
    brokers.stop(leader);
    brokers.stop(follower);
    Broker next = brokers.broker(brokers.there);

    // then
    assertThat(brokers.pulled(next)).isEqualTo(sent);
    sent.addAll(brokers.send(next, "of the second", 3));
    assertThat(brokers.pulled(next)).isEqualTo(sent);
    assertThat(brokers.failures).isEmpty();
  }

  @Test
  void shouldCommitAfterTheTakeoverWhatWasInEscrow() throws Exception {
    // given
    Broker leader = brokers.broker(brokers.here);
    Follower follower =
        brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
    List<String> sent = brokers.send(leader, "plain", 1);
    String body = "in escrow 0 " + "x".repeat(300);
    Answer half = brokers
        .calls
        .call(
            leader,
            FollowedBrokers.message(
                body,
                SysFlags.TRANSACTION_PREPARED,
                "TRAN_MSG\u0001true\u0002PGROUP\u0001pg\u0002"))
        .join();
    BrokerCalls.expectOk(half);
    brokers.awaitCopy(follower, leader);

    // when
    brokers.here.kill();
    brokers.stop(leader);
    brokers.stop(follower);
    Broker next = brokers.broker(brokers.there);
    assertThat(brokers.pulled(next)).isEqualTo(sent);
    String id = half.fields().requiredText("msgId");
    EndTransactionHeader commit = new EndTransactionHeader(
        "pg",
        half.fields().requiredLong("queueOffset"),
        Long.parseLong(id.substring(id.length() - 16), 16),
        SysFlags.TRANSACTION_COMMIT,
        false,
        id,
        null,
        null);
    BrokerCalls.expectOk(brokers
        .calls
        .call(next, Request.of(RequestCode.END_TRANSACTION, commit))
        .join());

    // then
    sent.add(body);
    assertThat(brokers.pulled(next)).isEqualTo(sent);
  }

  @Test
  void shouldCutWhatTheNextLeaderNeverHad() throws Exception {
    // given: the old leader has more than its follower
    Broker leader = brokers.broker(brokers.here);
    Follower follower =
        brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
    List<String> kept = brokers.send(leader, "copied", 20);
    brokers.awaitCopy(follower, leader);
    brokers.stop(follower);
    brokers.send(leader, "not copied", 20);
    brokers.stop(leader);
    Broker next = brokers.broker(brokers.there);
    kept.addAll(brokers.send(next, "of the next", 20));

    // when
    Follower old = brokers.follower(brokers.here, next, FollowedBrokers.SECRET, FlushMode.SYNC);
    brokers.awaitCopy(old, next);
    brokers.stop(old);
    brokers.stop(next);

    // then
    assertThat(brokers.failures).isEmpty();
    assertThat(brokers.pulled(brokers.broker(brokers.here))).isEqualTo(kept);
  }

  @Test
  void shouldGoOnWhereItStoppedWhenPowerFails() throws Exception {
    // given
    Broker leader = brokers.broker(brokers.here);
    List<String> sent = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      Follower follower =
          brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
      sent.addAll(brokers.send(leader, "round " + round, 300));
      brokers.awaitCopy(follower, leader);

      // when
      brokers.there.crash();
      brokers.stop(follower);
    }
    Follower follower =
        brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.SYNC);
    brokers.awaitCopy(follower, leader);
    brokers.stop(follower);
    brokers.stop(leader);

    // then
    assertThat(brokers.pulled(brokers.broker(brokers.there))).isEqualTo(sent);
  }

  @Test
  void shouldGiveNothingToWhoeverDoesNotKnowTheSecret() throws Exception {
    // given
    Broker leader = brokers.broker(brokers.here);
    brokers.send(leader, "secret", 3);

    // then: neither without a proof, nor with one of another secret, nor with the leader's own
    Answer greeted = ask(
        leader, RequestCode.GREET_REPLICA, new GreetReplicaHeader("broker-a", 1, "0".repeat(32)));
    assertThat(greeted.isOk()).isTrue();
    expectUnknown(ask(leader, RequestCode.FETCH_LOG, new FetchLogHeader(1, 0, 0, 0, 100, 0)));
    expectUnknown(ask(leader, RequestCode.PROVE_REPLICA, new ProveReplicaHeader("00")));
    ask(leader, RequestCode.GREET_REPLICA, new GreetReplicaHeader("broker-a", 1, "0".repeat(32)));
    expectUnknown(ask(
        leader,
        RequestCode.PROVE_REPLICA,
        new ProveReplicaHeader(String.valueOf(greeted.fields().text("proof")))));
    expectUnknown(ask(
        leader, RequestCode.GREET_REPLICA, new GreetReplicaHeader("broker-b", 1, "0".repeat(32))));
    expectUnknown(ask(
        leader, RequestCode.GREET_REPLICA, new GreetReplicaHeader("broker-a", 1, "0".repeat(33))));
    assertThat(ask(leader, RequestCode.GET_METRICS, WireHeader.NONE).isNotSupported())
        .as("the port is for replicas only")
        .isTrue();
    Answer atBroker = brokers
        .calls
        .call(leader, Request.of(RequestCode.FETCH_LOG, new FetchLogHeader(1, 0, 0, 0, 100, 0)))
        .join();
    assertThat(atBroker.isNotSupported()).as("clients have no way to the log").isTrue();
  }

  @Test
  void shouldCopyNothingFromALeaderThatDoesNotKnowTheSecret() throws Exception {
    // given
    Broker leader = brokers.broker(brokers.here);
    brokers.send(leader, "body", 3);
    ReplicaSecret other = new ReplicaSecret("another secret than that".getBytes(US_ASCII));

    // when
    Follower follower = brokers.follower(brokers.there, leader, other, FlushMode.ASYNC);
    Follower trusted = brokers.follower(
        new SimulatedFileSystem(3), leader, FollowedBrokers.SECRET, FlushMode.ASYNC);
    brokers.awaitCopy(trusted, leader);

    // then
    assertThat(follower.copied()).isZero();
    assertThat(brokers.there.exists(FollowedBrokers.DIRECTORY.resolve("log"))).isFalse();
  }

  @Test
  void shouldNotFollowWithTheLogOfAnotherBroker() throws Exception {
    // given
    Broker other = brokers.broker(brokers.there);
    brokers.send(other, "of another", 3);
    brokers.stop(other);
    Broker leader = brokers.broker(brokers.here);

    // when
    brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);

    // then
    await()
        .untilAsserted(() -> assertThat(brokers.failures)
            .singleElement()
            .asString()
            .contains("is not a copy of the leader's", "store.dir"));
  }

  @Test
  void shouldNotFollowInADirectoryThatHasStateAndNoLog() {
    // given
    Broker leader = brokers.broker(brokers.here);
    brokers.there.createDurably(FollowedBrokers.DIRECTORY.resolve("state"));
    brokers
        .there
        .open(FollowedBrokers.DIRECTORY.resolve("state").resolve("left over"))
        .close();

    // when
    brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);

    // then
    await()
        .untilAsserted(() -> assertThat(brokers.failures)
            .singleElement()
            .asString()
            .contains("no log", "store.dir"));
    assertThat(brokers.there.exists(FollowedBrokers.DIRECTORY.resolve("log"))).isFalse();
  }

  @Test
  void shouldKeepStateAndLetGoOfWhatTheLeaderHasDeleted() throws Exception {
    // given: a leader that keeps one segment
    Broker leader = brokers.broker(brokers.here, 1);
    Follower follower =
        brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);

    // when
    brokers.send(leader, "old", 6_000);
    await().until(() -> {
      brokers.clock.advance(10_000);
      brokers.send(leader, "new", 1);
      return brokers.position(leader, "commitLogMinOffset") > FollowedBrokers.SEGMENT_BYTES
          && !brokers.there.exists(
              FollowedBrokers.DIRECTORY.resolve("log").resolve("00000000000000000000.log"));
    });
    brokers.awaitCopy(follower, leader);
    List<String> kept = brokers.pulled(leader);
    brokers.here.kill();
    brokers.stop(leader);
    brokers.stop(follower);
    List<String> found = brokers.pulled(brokers.broker(brokers.there));

    // then
    assertThat(brokers.failures).isEmpty();
    assertThat(found).hasSizeLessThan(6_000).endsWith(kept.toArray(String[]::new));
  }

  @Test
  void shouldSayThatTheLeaderHasDeletedWhatIsMissing() throws Exception {
    // given: a leader that keeps one segment
    Broker leader = brokers.broker(brokers.here, 1);
    brokers.send(leader, "old", 3_000);
    await().until(() -> {
      brokers.clock.advance(10_000);
      brokers.send(leader, "new", 1);
      return brokers.position(leader, "commitLogMinOffset") > 0;
    });

    // when
    brokers.follower(brokers.there, leader, FollowedBrokers.SECRET, FlushMode.ASYNC);

    // then
    await()
        .untilAsserted(() -> assertThat(brokers.failures)
            .singleElement()
            .asString()
            .contains("has been deleted", "copy its store directory"));
  }

  private Answer ask(Broker leader, RequestCode code, WireHeader header) {
    return client
        .call(
            "127.0.0.1:" + leader.replicationAddress().getPort(),
            new Request(code, header, Body.EMPTY),
            BrokerCalls.PATIENCE)
        .toCompletableFuture()
        .join();
  }

  private static void expectUnknown(Answer answer) {
    assertThat(ResponseCode.of(answer.code())).isEqualTo(ResponseCode.REPLICA_UNKNOWN);
    assertThat(answer.body()).isEmpty();
    assertThat(Map.copyOf(answer.fields().toMap())).doesNotContainKey("logSecret");
  }
}
