package io.escrowmq.broker.route;

import static java.util.stream.Collectors.joining;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.route.Mixture.Event;
import io.escrowmq.namesrv.TurnedNamesrv;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.code.RequestCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Brokers, name servers and tools, and what happens to them, as a seed says. */
final class RouteWorld implements AutoCloseable {

  private static final List<String> ADDRESSES =
      List.of("127.0.0.1:9876", "127.0.0.1:9877", "127.0.0.1:9878");

  /** What a name server does not know: nothing, what RocketMQ 5.5 does not, what 4.9 does not. */
  private static final List<Set<RequestCode>> UNKNOWN = List.of(
      Set.of(),
      Set.of(RequestCode.CHANGE_TOPICS),
      Set.of(RequestCode.CHANGE_TOPICS, RequestCode.REGISTER_TOPIC_IN_NAMESRV));

  private final Random random;
  private final ManualClock clock = new ManualClock(1_700_000_000_000L); // of the name servers
  private final List<String> servers;
  private final List<RoutedBroker> brokers = new ArrayList<>();
  private final Deque<Runnable> toolsRequests = new ArrayDeque<>();
  private final Map<String, Integer> kinds = new HashMap<>();
  private final List<String> story = new ArrayList<>(); // of this round
  private boolean brokersSeeAll;
  private boolean serversSeeAll;
  private boolean brokersTellMore;
  private int topics = 1;

  RouteWorld(Random random) {
    this(random, 1 + random.nextInt(2), 1 + random.nextInt(3));
    servers.forEach(this::becomeAnyKind);
  }

  /** With name servers of ours. */
  RouteWorld(Random random, int brokers, int servers) {
    this.random = random;
    this.servers = ADDRESSES.subList(0, servers);
    SlowNetwork first = new SlowNetwork(clock, this.servers);
    for (int i = 0; i < brokers; i++) {
      this.brokers.add(new RoutedBroker(
          "broker-" + "ab".charAt(i),
          10_911 + 100 * i,
          this.servers,
          i == 0 ? first : first.ofAnother()));
    }
    this.brokers.forEach(RoutedBroker::start);
  }

  List<String> servers() {
    return servers;
  }

  RoutedBroker broker(int index) {
    return brokers.get(index);
  }

  /** What happened in this round, in its order. */
  String story() {
    return "after " + story.size() + " steps:\n" + String.join("\n", story);
  }

  /** What a name server tells of each topic. */
  Map<String, String> told(String address) {
    return brokers.get(0).network.server(address).topics();
  }

  /** What all brokers that run have. */
  Map<String, String> expected() {
    Map<String, List<String>> all = new TreeMap<>();
    for (RoutedBroker broker : brokers) {
      if (broker.isRunning()) {
        broker
            .topics()
            .forEach((topic, queues) ->
                all.computeIfAbsent(topic, key -> new ArrayList<>()).add(queues));
      }
    }
    Map<String, String> expected = new TreeMap<>();
    all.forEach(
        (topic, queues) -> expected.put(topic, queues.stream().sorted().collect(joining(", "))));
    return expected;
  }

  /** One round of anything. */
  void happen() {
    story.clear();
    topics = 1 + random.nextInt(10);
    Mixture mixture = new Mixture(random);
    if (random.nextInt(4) > 0) {
      mixture.without(Mixture.ENDS_OF_BROKERS);
      brokers.forEach(this::start);
    }
    brokersSeeAll = random.nextInt(3) == 0;
    if (brokersSeeAll) {
      mixture.without(Mixture.UNSEEN);
    }
    serversSeeAll = true;
    for (int step = 10 + random.nextInt(90); step > 0; step--) {
      happen(mixture.any());
    }
  }

  private void happen(Event happening) {
    RoutedBroker broker = brokers.get(random.nextInt(brokers.size()));
    String server = anyServer();
    String topic = anyTopic();
    String between = broker.name + " and " + server;
    switch (happening) {
      case CHANGE -> change(broker);
      case DELETE -> delete(broker, topic);
      case CHANGE_MEANWHILE ->
        broker.meanwhile(() -> {
          tell("while the next request is made");
          change(broker);
          delete(broker, anyTopic());
        });
      case TOOL_DELETES_EVERYWHERE -> { // as mqadmin does, with anything in between
        brokers.forEach(each -> delete(each, topic));
        servers.forEach(address -> toolsRequests.add(() -> toolDeletes(address, topic)));
      }
      case TOOL_GOES_ON -> {
        if (!toolsRequests.isEmpty()) {
          toolsRequests.remove().run();
        }
      }
      case TOOL_DELETES -> toolDeletes(server, topic);
      case TOOL_REGISTERS -> toolRegisters(server, topic, broker);
      case LOSE -> tell(broker.network.lose(server), between + " lose their connection");
      case DELIVER_LOST ->
        tell(broker.network.deliverLost(random.nextInt(8)), "a late request of " + broker.name);
      case CLOSE_LOST ->
        tell(broker.network.closeLost(random.nextInt(8)), "an end of " + broker.name + " is seen");
      case FORGET_LOST -> forgetLost(broker);
      case TIME_OUT -> tell(broker.network.timeOut(server), between + ": no answer in time");
      case RESTART_SERVER -> {
        tell(server + " begins again");
        becomeAnyKind(server);
        broker.network.restart(server);
      }
      case STOP -> {
        boolean orderly = random.nextBoolean();
        tell(broker.name + (orderly ? " says farewell" : " is killed"));
        broker.stop(orderly);
      }
      case LOSE_POWER -> {
        int changes = 1 + random.nextInt(3);
        tell(broker.name + " loses power and " + changes + " changes");
        broker.losePower(changes);
      }
      case START -> start(broker);
      case PAUSE -> {
        int seconds = random.nextInt(10) == 0 ? 130 : random.nextInt(15);
        tell(seconds + " s pass");
        advance(1_000L * seconds);
      }
      case REQUEST_ARRIVES -> tell(broker.network.deliver(server), between + ": a request arrives");
      case SERVER_TURNS -> {
        tell(server + " turns");
        broker.network.server(server).turn();
      }
      case ANSWER_ARRIVES -> tell(broker.network.answer(server), between + ": an answer arrives");
      case TIME_PASSES -> advance(random.nextInt(50));
      case BROKER_TURNS -> tell(broker.turn() > 0, broker.name + " tells or asks");
    }
  }

  private void forgetLost(RoutedBroker broker) {
    boolean any = broker.network.forgetLost(random.nextInt(8));
    tell(any, "an end of " + broker.name + " is never seen");
    serversSeeAll &= !any;
  }

  private void start(RoutedBroker broker) {
    if (!broker.isRunning()) {
      tell(broker.name + " starts");
      broker.start();
    }
  }

  private void change(RoutedBroker broker) {
    if (!broker.isRunning()) {
      return;
    }
    String topic = anyTopic();
    int queues = 1 + random.nextInt(3);
    int perm = random.nextBoolean() ? 6 : 4;
    tell(broker.name + " has " + topic + " with " + queues + " queues and permission " + perm);
    broker.change(topic, queues, perm);
  }

  private void delete(RoutedBroker broker, String topic) {
    if (broker.isRunning() && broker.has(topic)) {
      tell(broker.name + " deletes " + topic);
      broker.delete(topic);
    }
  }

  /** Something that was under way goes on. */
  void move() {
    happen(Mixture.aMove(random));
  }

  int few() {
    return random.nextInt(10);
  }

  /** No more faults: what is still under way on old connections arrives or is lost, at any moment. */
  void heal() {
    tell("no more faults");
    while (!toolsRequests.isEmpty()) {
      toolsRequests.remove().run();
    }
    boolean allEndsAreSeen = random.nextBoolean();
    while (brokers.stream().anyMatch(broker -> broker.network.hasLost())) {
      happen(
          switch (random.nextInt(8)) {
            case 0 -> brokersSeeAll ? Event.CLOSE_LOST : Event.DELIVER_LOST;
            case 1 -> Event.CLOSE_LOST;
            case 2 -> allEndsAreSeen ? Event.CLOSE_LOST : Event.FORGET_LOST;
            default -> Mixture.aMove(random);
          });
    }
    if (random.nextBoolean()) {
      brokers.forEach(this::start);
    }
    brokersTellMore = random.nextBoolean();
    if (brokersTellMore) {
      brokers.forEach(this::change);
    }
  }

  /**
   * How long it may take from now on. A broker tells again after a second. What it did not see it asks
   * after ten, or learns when it tells more. One that has stopped is forgotten after its lease.
   */
  int secondsUntilAllKnow() {
    boolean allRun = brokers.stream().allMatch(RoutedBroker::isRunning);
    if (!allRun && !serversSeeAll) {
      return 132;
    }
    boolean allLearn =
        allRun && brokersTellMore && servers.stream().noneMatch(this::takesSingleTopics);
    return brokersSeeAll || allLearn ? 2 : 11;
  }

  private boolean takesSingleTopics(String server) {
    return kinds.getOrDefault(server, 0) == 1;
  }

  /** Time in which all that is sent arrives at once. */
  void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      tick();
      for (int moved = 1; moved > 0; ) {
        moved = 0;
        for (RoutedBroker broker : brokers) {
          broker.network.calm();
          moved += broker.turn();
          broker.network.calm();
        }
      }
    }
  }

  /** A second in which nothing arrives. */
  void tick() {
    advance(1_000);
    servers.forEach(address -> brokers.get(0).network.server(address).turn());
  }

  private void advance(long millis) {
    clock.advance(millis);
    brokers.forEach(broker -> broker.advance(millis));
  }

  void toolDeletes(String address, String topic) {
    tell("a tool deletes " + topic + " at " + address);
    tool(
        address,
        new FakeCall(RequestCode.DELETE_TOPIC_IN_NAMESRV)
            .with("topic", topic)
            .with("clusterName", "DefaultCluster"));
  }

  private void toolRegisters(String address, String topic, RoutedBroker broker) {
    tell("a tool registers " + topic + " of " + broker.name + " at " + address);
    QueueEntry queues = new QueueEntry(broker.name, 9, 9, 6, 0);
    tool(
        address,
        new FakeCall(RequestCode.REGISTER_TOPIC_IN_NAMESRV)
            .with("topic", topic)
            .withBody(new TopicRoute(List.of(queues), List.of(), null).toBytes()));
  }

  private void tool(String address, FakeCall call) {
    TurnedNamesrv server = brokers.get(0).network.server(address);
    server.take(call);
    server.turn();
  }

  private void becomeAnyKind(String server) {
    int kind = random.nextInt(UNKNOWN.size());
    kinds.put(server, kind);
    brokers.get(0).network.lacks(server, UNKNOWN.get(kind));
  }

  private String anyServer() {
    return servers.get(random.nextInt(servers.size()));
  }

  private String anyTopic() {
    return "T" + random.nextInt(topics);
  }

  private void tell(boolean isSo, String what) {
    if (isSo) {
      tell(what);
    }
  }

  private void tell(String what) {
    story.add(what);
  }

  @Override
  public void close() {
    brokers.forEach(RoutedBroker::close);
  }
}
