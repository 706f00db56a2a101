package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.replica.FollowerSettings;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
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
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.SimulatedFileSystem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker whose log is copied while it runs, on a real network: what a follower has when the leader is gone. */
class FollowedBrokerTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final ReplicaSecret SECRET =
      new ReplicaSecret("a secret of these two".getBytes(US_ASCII));

  private static final Pattern BODY = Pattern.compile("[a-z][a-z0-9 ]* x{300}");
  private final SimulatedFileSystem here = new SimulatedFileSystem(1);
  private final SimulatedFileSystem there = new SimulatedFileSystem(2);
  private final ManualClock clock = new ManualClock(1_700_000_000_000L); // the brokers'
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  @AutoClose
  private final BrokerCalls calls = new BrokerCalls();

  @AutoClose
  private final RemotingClient client = TestNetwork.client();

  @AfterEach
  void closeAll() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }

  @ParameterizedTest
  @EnumSource(FlushMode.class)
  void shouldGoOnWithAllThatWasCopied(FlushMode flush) throws Exception {
    // given
    Broker leader = broker(here);
    Follower follower = follower(there, leader, SECRET, flush);
    List<String> sent = send(leader, "of the first", 2_500); // more than one segment
    awaitCopy(follower, leader);

    // when
    here.kill();
    stop(leader);
    stop(follower);
    Broker next = broker(there);

    // then
    assertThat(pulled(next)).isEqualTo(sent);
    sent.addAll(send(next, "of the second", 3));
    assertThat(pulled(next)).isEqualTo(sent);
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldCommitAfterTheTakeoverWhatWasInEscrow() throws Exception {
    // given
    Broker leader = broker(here);
    Follower follower = follower(there, leader, SECRET, FlushMode.ASYNC);
    List<String> sent = send(leader, "plain", 1);
    String body = "in escrow 0 " + "x".repeat(300);
    Answer half = calls
        .call(
            leader,
            message(
                body,
                SysFlags.TRANSACTION_PREPARED,
                "TRAN_MSG\u0001true\u0002PGROUP\u0001pg\u0002"))
        .join();
    BrokerCalls.expectOk(half);
    awaitCopy(follower, leader);

    // when
    here.kill();
    stop(leader);
    stop(follower);
    Broker next = broker(there);
    assertThat(pulled(next)).isEqualTo(sent);
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
    BrokerCalls.expectOk(
        calls.call(next, Request.of(RequestCode.END_TRANSACTION, commit)).join());

    // then
    sent.add(body);
    assertThat(pulled(next)).isEqualTo(sent);
  }

  @Test
  void shouldCutWhatTheNextLeaderNeverHad() throws Exception {
    // given: the old leader has more than its follower
    Broker leader = broker(here);
    Follower follower = follower(there, leader, SECRET, FlushMode.ASYNC);
    List<String> kept = send(leader, "copied", 20);
    awaitCopy(follower, leader);
    stop(follower);
    send(leader, "not copied", 20);
    stop(leader);
    Broker next = broker(there);
    kept.addAll(send(next, "of the next", 20));

    // when
    Follower old = follower(here, next, SECRET, FlushMode.SYNC);
    awaitCopy(old, next);
    stop(old);
    stop(next);

    // then
    assertThat(failures).isEmpty();
    assertThat(pulled(broker(here))).isEqualTo(kept);
  }

  @Test
  void shouldGoOnWhereItStoppedWhenPowerFails() throws Exception {
    // given
    Broker leader = broker(here);
    List<String> sent = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      Follower follower = follower(there, leader, SECRET, FlushMode.ASYNC);
      sent.addAll(send(leader, "round " + round, 300));
      awaitCopy(follower, leader);

      // when
      there.crash();
      stop(follower);
    }
    Follower follower = follower(there, leader, SECRET, FlushMode.SYNC);
    awaitCopy(follower, leader);
    stop(follower);
    stop(leader);

    // then
    assertThat(pulled(broker(there))).isEqualTo(sent);
  }

  @ParameterizedTest
  @EnumSource(FlushMode.class)
  void shouldAcknowledgeWhatAFollowerHas(FlushMode flush) throws Exception {
    // given: the leader's machine is lost at once after each answer
    Broker leader = broker(here, 0, 2);
    Follower follower = follower(there, leader, SECRET, flush);
    awaitServed(leader);
    List<String> sent = send(leader, "acknowledged", 50);

    // when: the follower loses power, too, where it syncs before it vouches for something
    here.crash();
    if (flush == FlushMode.SYNC) {
      there.crash();
    }
    stop(leader);
    stop(follower);

    // then
    assertThat(pulled(broker(there))).isEqualTo(sent);
  }

  @Test
  void shouldNeitherAcknowledgeNorShowWhatNoFollowerHas() throws Exception {
    // given
    Broker leader = broker(here, 0, 2);
    Follower follower = follower(there, leader, SECRET, FlushMode.ASYNC);
    awaitServed(leader);
    List<String> sent = send(leader, "acknowledged", 3);

    // when
    stop(follower);
    Request alone = message("alone 0 " + "x".repeat(300), 0, "");
    CompletableFuture<Answer> answer = calls.call(leader, alone);
    await().until(() -> {
      clock.advance(100);
      return answer.isDone();
    });

    // then
    assertThat(answer.join().code()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE.number());
    assertThat(answer.join().remark()).contains("[NOT-REPLICATED]", "outcome is unknown");
    assertThat(pulled(leader)).isEqualTo(sent);

    // when: it is there after all
    follower(there, leader, SECRET, FlushMode.ASYNC);
    sent.add("alone 0 " + "x".repeat(300));
    await()
        .atMost(BrokerCalls.PATIENCE)
        .untilAsserted(() -> assertThat(pulled(leader)).isEqualTo(sent));
  }

  @Test
  void shouldRefuseWhatIsNewWhileFollowersAreNotInStep() throws Exception {
    // given
    Broker leader = broker(here, 0, 2);
    Follower follower = follower(there, leader, SECRET, FlushMode.ASYNC);
    awaitServed(leader);
    send(leader, "acknowledged", 1);
    stop(follower);
    long before = position(leader, "commitLogMaxOffset");

    // when
    clock.advance(3_000);
    Answer refused =
        calls.call(leader, message("new 0 " + "x".repeat(300), 0, "")).join();

    // then
    assertThat(refused.code()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE.number());
    assertThat(refused.remark()).contains("[UNDER-REPLICATED]", "replication.min-in-sync");
    assertThat(position(leader, "commitLogMaxOffset")).isEqualTo(before);
  }

  @Test
  void shouldServeNobodyBeforeAFollowerHasWhatIsThere() throws Exception {
    // given: something that was never replicated
    Broker alone = broker(here);
    List<String> sent = send(alone, "alone", 3);
    stop(alone);

    // when
    Broker leader = broker(here, 0, 2);
    Answer early = calls.pull(leader, "group", 0, 0);

    // then
    assertThat(early.isOk()).isFalse();
    follower(there, leader, SECRET, FlushMode.ASYNC);
    awaitServed(leader);
    assertThat(pulled(leader)).isEqualTo(sent);
  }

  @Test
  void shouldGiveNothingToWhoeverDoesNotKnowTheSecret() throws Exception {
    // given
    Broker leader = broker(here);
    send(leader, "secret", 3);

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
    Answer atBroker = calls
        .call(leader, Request.of(RequestCode.FETCH_LOG, new FetchLogHeader(1, 0, 0, 0, 100, 0)))
        .join();
    assertThat(atBroker.isNotSupported()).as("clients have no way to the log").isTrue();
  }

  @Test
  void shouldCopyNothingFromALeaderThatDoesNotKnowTheSecret() throws Exception {
    // given
    Broker leader = broker(here);
    send(leader, "body", 3);
    ReplicaSecret other = new ReplicaSecret("another secret than that".getBytes(US_ASCII));

    // when
    Follower follower = follower(there, leader, other, FlushMode.ASYNC);
    Follower trusted = follower(new SimulatedFileSystem(3), leader, SECRET, FlushMode.ASYNC);
    awaitCopy(trusted, leader);

    // then
    assertThat(follower.copied()).isZero();
    assertThat(there.exists(DIRECTORY.resolve("log"))).isFalse();
  }

  @Test
  void shouldNotFollowWithTheLogOfAnotherBroker() throws Exception {
    // given
    Broker other = broker(there);
    send(other, "of another", 3);
    stop(other);
    Broker leader = broker(here);

    // when
    follower(there, leader, SECRET, FlushMode.ASYNC);

    // then
    await()
        .untilAsserted(() -> assertThat(failures)
            .singleElement()
            .asString()
            .contains("is not a copy of the leader's", "store.dir"));
  }

  @Test
  void shouldNotFollowInADirectoryThatHasStateAndNoLog() {
    // given
    Broker leader = broker(here);
    there.createDurably(DIRECTORY.resolve("state"));
    there.open(DIRECTORY.resolve("state").resolve("left over")).close();

    // when
    follower(there, leader, SECRET, FlushMode.ASYNC);

    // then
    await()
        .untilAsserted(
            () -> assertThat(failures).singleElement().asString().contains("no log", "store.dir"));
    assertThat(there.exists(DIRECTORY.resolve("log"))).isFalse();
  }

  @Test
  void shouldKeepStateAndLetGoOfWhatTheLeaderHasDeleted() throws Exception {
    // given: a leader that keeps one segment
    Broker leader = broker(here, 1);
    Follower follower = follower(there, leader, SECRET, FlushMode.ASYNC);

    // when
    send(leader, "old", 6_000);
    await().until(() -> {
      clock.advance(10_000);
      send(leader, "new", 1);
      return position(leader, "commitLogMinOffset") > SEGMENT_BYTES
          && !there.exists(DIRECTORY.resolve("log").resolve("00000000000000000000.log"));
    });
    awaitCopy(follower, leader);
    List<String> kept = pulled(leader);
    here.kill();
    stop(leader);
    stop(follower);
    List<String> found = pulled(broker(there));

    // then
    assertThat(failures).isEmpty();
    assertThat(found).hasSizeLessThan(6_000).endsWith(kept.toArray(String[]::new));
  }

  @Test
  void shouldSayThatTheLeaderHasDeletedWhatIsMissing() throws Exception {
    // given: a leader that keeps one segment
    Broker leader = broker(here, 1);
    send(leader, "old", 3_000);
    await().until(() -> {
      clock.advance(10_000);
      send(leader, "new", 1);
      return position(leader, "commitLogMinOffset") > 0;
    });

    // when
    follower(there, leader, SECRET, FlushMode.ASYNC);

    // then
    await()
        .untilAsserted(() -> assertThat(failures)
            .singleElement()
            .asString()
            .contains("has been deleted", "copy its store directory"));
  }

  private Broker broker(SimulatedFileSystem files) {
    return broker(files, 0);
  }

  private static TestSettings settings() {
    return new TestSettings()
        .directory(DIRECTORY)
        .segments(SEGMENT_BYTES, SEGMENT_BYTES / 4)
        .queues(1);
  }

  private Broker broker(SimulatedFileSystem files, long retentionBytes) {
    return broker(files, retentionBytes, 1);
  }

  private Broker broker(SimulatedFileSystem files, long retentionBytes, int leastReplicas) {
    Broker broker = new Broker(
        settings()
            .retention(Duration.ofDays(3), retentionBytes)
            .replication(new ReplicationSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), SECRET, leastReplicas))
            .build(),
        new Machine<>(files, TestNetwork.REAL, clock.surroundings()));
    running.push(broker);
    broker.start();
    return broker;
  }

  private Follower follower(
      SimulatedFileSystem files, Broker leader, ReplicaSecret secret, FlushMode flush) {
    Follower follower = new Follower(
        settings().flush(flush).build(),
        new FollowerSettings(
            "127.0.0.1:" + leader.replicationAddress().getPort(), "broker-a", 1, secret),
        new Machine<>(files, TestNetwork.REAL, TestMachine.REAL),
        failures::add);
    running.push(follower);
    follower.start();
    return follower;
  }

  private void stop(AutoCloseable part) throws Exception {
    running.remove(part);
    part.close();
  }

  private void awaitServed(Broker leader) {
    Request asked = Request.of(RequestCode.GET_BROKER_RUNTIME_INFO, WireHeader.NONE);
    await()
        .atMost(BrokerCalls.PATIENCE)
        .until(() -> calls.call(leader, asked).join().isOk());
  }

  private void awaitCopy(Follower follower, Broker leader) {
    await()
        .atMost(BrokerCalls.PATIENCE)
        .untilAsserted(
            () -> assertThat(follower.copied()).isEqualTo(position(leader, "commitLogMaxOffset")));
  }

  private long position(Broker broker, String name) {
    Request asked = Request.of(RequestCode.GET_BROKER_RUNTIME_INFO, WireHeader.NONE);
    Matcher found = Pattern.compile("\"" + name + "\":\"(\\d+)\"")
        .matcher(BrokerCalls.text(calls.call(broker, asked).join()));
    assertThat(found.find()).as(name).isTrue();
    return Long.parseLong(found.group(1));
  }

  private List<String> send(Broker broker, String text, int times) {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String body = text + " " + i + " " + "x".repeat(300);
      Request request = message(body, 0, "");
      BrokerCalls.expectOk(calls.call(broker, request).join());
      sent.add(body);
    }
    return sent;
  }

  private static Request message(String body, int sysFlag, String properties) {
    WireHeader header = fields -> fields
        .put("producerGroup", "pg")
        .put("topic", "orders")
        .put("defaultTopic", "TBW102")
        .put("defaultTopicQueueNums", 1)
        .put("queueId", 0)
        .put("sysFlag", sysFlag)
        .put("bornTimestamp", 0)
        .put("flag", 0)
        .put("properties", properties)
        .put("reconsumeTimes", 0);
    return new Request(RequestCode.SEND_MESSAGE, header, Body.of(body.getBytes(UTF_8)));
  }

  private List<String> pulled(Broker broker) {
    List<String> found = new ArrayList<>();
    Answer answer = calls.pull(broker, "group", 0, 0);
    while (answer.isOk() || answer.code() == ResponseCode.PULL_OFFSET_MOVED.number()) {
      BODY.matcher(BrokerCalls.text(answer)).results().map(MatchResult::group).forEach(found::add);
      answer = calls.pull(broker, "group", 0, answer.fields().requiredLong("nextBeginOffset"));
    }
    return found;
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
