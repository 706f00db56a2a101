package io.escrowmq.systemtests;

import static org.awaitility.Awaitility.await;

import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.PushPlan;
import io.escrowmq.systemtests.driver.RocketDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The clients of one test: all of one kind, in one driver process, on one server. Whatever was started is stopped
 * on close, the last one first. Owner: the test.
 */
final class Clients implements AutoCloseable {

  private static final int UPDATE_AND_CREATE_TOPIC = 17;
  private static final int VIEW_MESSAGE_BY_ID = 33;
  private static final int GET_ROUTE = 105;

  private final TestBed bed;
  private final RocketDriver driver;
  private final ServerProcess server;
  private final Map<String, Runnable> stops = new LinkedHashMap<>();

  Clients(TestBed bed, RocketDriver driver, ServerProcess server) {
    this.bed = bed;
    this.driver = driver;
    this.server = server;
  }

  RocketDriver driver() {
    return driver;
  }

  ServerProcess server() {
    return server;
  }

  String nameServer() {
    return server.nameServer();
  }

  String brokerName() {
    return server.brokerName();
  }

  String brokerAddress() {
    return server.broker();
  }

  String freshGroup() {
    return bed.fresh("group");
  }

  /** A new topic with so many queues, known to the name server. */
  String freshTopic(int queues) {
    String topic = bed.fresh("topic");
    createTopic(server, topic, queues);
    return topic;
  }

  /** Creates the topic on this server, or changes it; nobody is waited for. */
  Answer putTopic(ServerProcess on, String topic, int queues) {
    return request(
        on.broker(),
        UPDATE_AND_CREATE_TOPIC,
        Map.of(
            "topic", topic,
            "defaultTopic", "TBW102",
            "readQueueNums", Integer.toString(queues),
            "writeQueueNums", Integer.toString(queues),
            "perm", "6",
            "topicFilterType", "SINGLE_TAG",
            "topicSysFlag", "0",
            "order", "false"));
  }

  void createTopic(ServerProcess on, String topic, int queues) {
    Answer created = putTopic(on, topic, queues);
    if (created.code() != 0) {
      throw new IllegalStateException(topic + " was not created: " + created);
    }
    await("route of " + topic)
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> request(nameServer(), GET_ROUTE, Map.of("topic", topic))
            .body()
            .contains(on.brokerName()));
  }

  Answer request(String address, int code, Map<String, String> fields) {
    return request(address, code, fields, "");
  }

  Answer request(String address, int code, Map<String, String> fields, String body) {
    return driver.request(address, code, fields, body);
  }

  /** The bytes that the broker keeps of a message, one byte a character. */
  String storedRecord(String offsetMessageId) {
    String position = offsetMessageId.substring(offsetMessageId.length() - 16);
    return request(
            brokerAddress(),
            VIEW_MESSAGE_BY_ID,
            Map.of("offset", Long.toString(Long.parseUnsignedLong(position, 16))))
        .body();
  }

  /** Starts a producer in a group of its own; returns its name. */
  String producer() {
    return producer(bed.fresh("producers"));
  }

  String producer(String group) {
    String name = bed.fresh("producer");
    driver.startProducer(name, nameServer(), group);
    stops.put(name, () -> driver.stopProducer(name));
    return name;
  }

  /** Starts a transactional producer that answers questions as the script says; returns its name. */
  String transacting(String group, CheckScript script) {
    return transacting(group, "", script);
  }

  /** As before, but can be asked before it has sent anything: it tells where it is going to send to. */
  String transacting(String group, String topic, CheckScript script) {
    String name = bed.fresh("transacting");
    driver.startTransacting(name, nameServer(), group, topic, script);
    stops.put(name, () -> driver.stopTransacting(name));
    return name;
  }

  /** Starts a push consumer, by default concurrent, clustering, from the first offset on; returns its name. */
  String push(String group, String topic, UnaryOperator<PushPlan> how) {
    String name = bed.fresh("consumer");
    driver.startPush(name, how.apply(PushPlan.of(nameServer(), group, topic)));
    stops.put(name, () -> driver.stopPush(name));
    return name;
  }

  String push(String group, String topic) {
    return push(group, topic, UnaryOperator.identity());
  }

  /** Stops one of them before the end of the test. */
  void stop(String client) {
    Runnable stop = stops.remove(client);
    if (stop == null) {
      throw new IllegalArgumentException(client + " is not running");
    }
    stop.run();
  }

  /** Starts a consumer that replies to all messages of the topic; returns its name. */
  String replier(String group, String topic) {
    String name = bed.fresh("replier");
    driver.startReplier(name, nameServer(), group, topic);
    stops.put(name, () -> driver.stopReplier(name));
    return name;
  }

  String pull(String group) {
    String name = bed.fresh("puller");
    driver.startPull(name, nameServer(), group);
    stops.put(name, () -> driver.stopPull(name));
    return name;
  }

  String litePull(String group, String topic, MessageFilter wanted) {
    String name = bed.fresh("lite");
    driver.startLitePull(name, nameServer(), group, topic, wanted);
    stops.put(name, () -> driver.stopLitePull(name));
    return name;
  }

  String assignedLitePull(String group, String topic) {
    String name = bed.fresh("lite");
    driver.startAssignedLitePull(name, nameServer(), group, topic);
    stops.put(name, () -> driver.stopLitePull(name));
    return name;
  }

  String load(String topic, int senders, int bodyBytes) {
    String name = bed.fresh("load");
    driver.startLoad(name, nameServer(), topic, senders, bodyBytes);
    stops.put(name, () -> driver.stopLoad(name));
    return name;
  }

  /** Runs an mqadmin command with the name server's address and returns what it printed. */
  String mqadmin(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("-n");
    all.add(nameServer());
    return driver.mqadmin(all);
  }

  @Override
  public void close() {
    List<Runnable> newestLast = new ArrayList<>(stops.values());
    stops.clear();
    for (int i = newestLast.size() - 1; i >= 0; i--) {
      newestLast.get(i).run();
    }
  }
}
