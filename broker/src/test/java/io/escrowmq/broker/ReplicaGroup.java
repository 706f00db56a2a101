package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.broker.replica.GroupSettings;
import io.escrowmq.namesrv.Namesrv;
import io.escrowmq.namesrv.NamesrvSettings;
import io.escrowmq.namesrv.kv.DiskKvFile;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Some replicas of one broker, and a name server with their controller, on a real network of this machine. */
final class ReplicaGroup implements AutoCloseable {

  private static final ReplicaSecret SECRET =
      new ReplicaSecret("a secret of the group".getBytes(US_ASCII));
  private static final Pattern BODY = Pattern.compile("[a-z][a-z0-9 ]* x{300}");
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  final List<String> failures = new CopyOnWriteArrayList<>();
  private final Path directory;
  private final int leastInSync;
  private final FlushMode flush;
  private final BrokerCalls calls = new BrokerCalls();
  private final Map<Integer, SimulatedFileSystem> disks = new TreeMap<>();
  private final Map<Integer, Replica> replicas = new TreeMap<>();
  private Namesrv namesrv;

  /** @param directory of the name server */
  ReplicaGroup(Path directory, int leastInSync, FlushMode flush) {
    this.directory = directory;
    this.leastInSync = leastInSync;
    this.flush = flush;
    this.namesrv = controller(ANY_PORT);
  }

  private Namesrv controller(InetSocketAddress listen) {
    Namesrv started = new Namesrv(
        NamesrvSettings.of(listen, directory).controlling(SECRET),
        new Machine<>(DiskKvFile::open, TestNetwork.REAL, TestMachine.REAL));
    started.start();
    return started;
  }

  void restartController() {
    InetSocketAddress listen = namesrv.address();
    namesrv.close();
    namesrv = controller(listen);
  }

  /** Starts one, on what its disk has. */
  Replica start(int number) {
    Replica replica = new Replica(
        new TestSettings()
            .directory(Path.of("/data"))
            .segments(1 << 20, 1 << 18)
            .queues(1)
            .flush(flush)
            .nameServers(controllerAddress())
            .build(),
        new GroupSettings(
            List.of(controllerAddress()), ANY_PORT, null, SECRET, leastInSync, "", 100),
        new Machine<>(disk(number), TestNetwork.REAL, TestMachine.REAL),
        failures::add);
    replicas.put(number, replica);
    replica.start();
    return replica;
  }

  private String controllerAddress() {
    return "127.0.0.1:" + namesrv.address().getPort();
  }

  SimulatedFileSystem disk(int number) {
    return disks.computeIfAbsent(number, SimulatedFileSystem::new);
  }

  void stop(int number) {
    Replica stopping = replicas.remove(number);
    if (stopping != null) {
      stopping.close();
    }
  }

  /** The one that serves clients, as soon as there is exactly one. */
  int awaitLeader() {
    return await()
        .atMost(BrokerCalls.PATIENCE)
        .until(this::serving, serving -> serving.size() == 1)
        .get(0);
  }

  private List<Integer> serving() {
    return replicas.entrySet().stream()
        .filter(one -> one.getValue().isServing())
        .map(Map.Entry::getKey)
        .toList();
  }

  InetSocketAddress address(int number) {
    return replicas.get(number).address();
  }

  /** Sends until each is acknowledged, to whoever leads. */
  List<String> send(String text, int times) {
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String body = text + " " + i + " " + "x".repeat(300);
      await()
          .atMost(BrokerCalls.PATIENCE)
          .untilAsserted(() -> BrokerCalls.expectOk(send(awaitLeader(), body)));
      sent.add(body);
    }
    return sent;
  }

  Answer send(int number, String body) {
    WireHeader header = fields -> fields
        .put("producerGroup", "pg")
        .put("topic", "orders")
        .put("defaultTopic", "TBW102")
        .put("defaultTopicQueueNums", 1)
        .put("queueId", 0)
        .put("sysFlag", 0)
        .put("bornTimestamp", 0)
        .put("flag", 0)
        .put("properties", "")
        .put("reconsumeTimes", 0);
    Request request = new Request(RequestCode.SEND_MESSAGE, header, Body.of(body.getBytes(UTF_8)));
    return calls.call(address(number), request).join();
  }

  /** What a consumer finds. */
  List<String> pulled(int number) {
    List<String> found = new ArrayList<>();
    Answer answer = calls.pull(address(number), "group", 0, 0);
    while (answer.isOk() || answer.code() == ResponseCode.PULL_OFFSET_MOVED.number()) {
      BODY.matcher(BrokerCalls.text(answer)).results().map(MatchResult::group).forEach(found::add);
      answer =
          calls.pull(address(number), "group", 0, answer.fields().requiredLong("nextBeginOffset"));
    }
    return found;
  }

  void expectFound(List<String> sent) {
    assertThat(pulled(awaitLeader())).containsAll(sent);
  }

  @Override
  public void close() {
    List.copyOf(replicas.keySet()).forEach(this::stop);
    namesrv.close();
    calls.close();
  }
}
