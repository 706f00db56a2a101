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
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brokers whose logs are copied while they run, and their followers, on a real network and simulated disks. */
final class FollowedBrokers {

  static final Path DIRECTORY = Path.of("/data");
  static final int SEGMENT_BYTES = 1 << 20;
  static final ReplicaSecret SECRET = new ReplicaSecret("a secret of these two".getBytes(US_ASCII));

  private static final Pattern BODY = Pattern.compile("[a-z][a-z0-9 ]* x{300}");

  final SimulatedFileSystem here = new SimulatedFileSystem(1);
  final SimulatedFileSystem there = new SimulatedFileSystem(2);
  final ManualClock clock = new ManualClock(1_700_000_000_000L); // the brokers'
  final List<String> failures = new CopyOnWriteArrayList<>();
  final BrokerCalls calls = new BrokerCalls();
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  Broker broker(SimulatedFileSystem files) {
    return broker(files, 0);
  }

  private static TestSettings settings() {
    return new TestSettings()
        .directory(DIRECTORY)
        .segments(SEGMENT_BYTES, SEGMENT_BYTES / 4)
        .queues(1);
  }

  Broker broker(SimulatedFileSystem files, long retentionBytes) {
    return broker(files, retentionBytes, 1);
  }

  Broker broker(SimulatedFileSystem files, long retentionBytes, int leastReplicas) {
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

  Follower follower(
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

  void stop(AutoCloseable part) throws Exception {
    running.remove(part);
    part.close();
  }

  /** Its followers are in step: a message is taken, to a topic of its own. */
  void awaitServed(Broker leader) {
    await()
        .atMost(BrokerCalls.PATIENCE)
        .until(() -> calls.call(leader, message("probe", "body", 0, "")).join().isOk());
  }

  void awaitCopy(Follower follower, Broker leader) {
    await()
        .atMost(BrokerCalls.PATIENCE)
        .untilAsserted(
            () -> assertThat(follower.copied()).isEqualTo(position(leader, "commitLogMaxOffset")));
  }

  long position(Broker broker, String name) {
    Request asked = Request.of(RequestCode.GET_BROKER_RUNTIME_INFO, WireHeader.NONE);
    Matcher found = Pattern.compile("\"" + name + "\":\"(\\d+)\"")
        .matcher(BrokerCalls.text(calls.call(broker, asked).join()));
    assertThat(found.find()).as(name).isTrue();
    return Long.parseLong(found.group(1));
  }

  List<String> send(Broker broker, String text, int times) {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String body = text + " " + i + " " + "x".repeat(300);
      Request request = message(body, 0, "");
      BrokerCalls.expectOk(calls.call(broker, request).join());
      sent.add(body);
    }
    return sent;
  }

  static Request message(String body, int sysFlag, String properties) {
    return message("orders", body, sysFlag, properties);
  }

  private static Request message(String topic, String body, int sysFlag, String properties) {
    WireHeader header = fields -> fields
        .put("producerGroup", "pg")
        .put("topic", topic)
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

  List<String> pulled(Broker broker) {
    List<String> found = new ArrayList<>();
    Answer answer = calls.pull(broker, "group", 0, 0);
    while (answer.isOk() || answer.code() == ResponseCode.PULL_OFFSET_MOVED.number()) {
      BODY.matcher(BrokerCalls.text(answer)).results().map(MatchResult::group).forEach(found::add);
      answer = calls.pull(broker, "group", 0, answer.fields().requiredLong("nextBeginOffset"));
    }
    return found;
  }

  /** Ends what runs, the last one first. */
  public void close() throws Exception {
    try (calls) {
      while (!running.isEmpty()) {
        running.pop().close();
      }
    }
  }
}
