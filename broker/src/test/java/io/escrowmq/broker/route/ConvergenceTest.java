package io.escrowmq.broker.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.store.RecordKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens at the same time, in the end name servers know what the broker has: the real
 * registration and real name servers on a network that delivers what and when a seed says.
 */
class ConvergenceTest {

  private static final String A = "127.0.0.1:9876";
  private static final String B = "127.0.0.1:9877";
  private static final List<String> SERVERS = List.of(A, B);

  @AutoClose
  private final TestLog broker = new TestLog();

  private final SlowNetwork network = new SlowNetwork(broker.clock, SERVERS);
  private final RouteRegistration routes = new RouteRegistration(
      new BrokerIdentity("broker-a", "DefaultCluster", "127.0.0.1:10911", 0),
      SERVERS,
      new TopicsOfCatalog(broker.topics),
      network,
      broker.clock.ticker(),
      () -> {});
  private final TopicChanges changes =
      new TopicChanges(broker.loop, broker.topics, topic -> {}, routes::spread);
  private final Deque<Runnable> toolsRequests = new ArrayDeque<>();

  /** What the second name server does not know: nothing, what RocketMQ 5.5 does not, 4.9 does not. */
  private enum Second {
    OURS,
    ROCKETMQ_5,
    ROCKETMQ_4;

    Set<RequestCode> unknown() {
      return switch (this) {
        case OURS -> Set.of();
        case ROCKETMQ_5 -> Set.of(RequestCode.CHANGE_TOPICS);
        case ROCKETMQ_4 -> Set.of(RequestCode.CHANGE_TOPICS, RequestCode.REGISTER_TOPIC_IN_NAMESRV);
      };
    }
  }

  private static Stream<Arguments> secondsAndSeeds() {
    return Stream.of(Second.values())
        .flatMap(second -> LongStream.of(1, 2, 3, 4, 5, 42, 20261129)
            .mapToObj(seed -> Arguments.of(second, seed)));
  }

  @ParameterizedTest
  @MethodSource("secondsAndSeeds")
  void shouldConvergeWhateverHappensMeanwhile(Second second, long seed) {
    network.lacks(B, second.unknown());
    for (int round = 0; round < 10; round++) {
      // given
      Random random = new Random(seed + 1_000_003L * round);
      routes.registerNow();

      // when
      for (int step = 0; step < 300; step++) {
        happen(random);
      }

      // then
      settle();
      for (String address : SERVERS) {
        assertThat(network.server(address).topics())
            .as("%s, seed %d, round %d, name server %s", second, seed, round, address)
            .isEqualTo(expected());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldForgetTwentyTopicsThatAToolDeletesOneAfterTheOther(long seed) {
    // given
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      broker.createTopic("T" + i, 4);
    }
    routes.registerNow();
    settle();

    // when: each in the broker, then at once in each name server
    for (int i = 0; i < 20; i++) {
      String topic = "T" + i;
      FakeCall deletion = new FakeCall(RequestCode.DELETE_TOPIC_IN_BROKER);
      changes.delete(deletion, topic);
      broker.settle();
      for (int step = 0; !deletion.isAnswered(); step++) {
        assertThat(step).as("seed %d, topic %s", seed, topic).isLessThan(1_000);
        move(random);
      }
      SERVERS.forEach(address -> toolDeletes(address, topic));
    }

    // then: with nothing left to come
    network.calm();
    for (String address : SERVERS) {
      assertThat(network.server(address).topics()).as("seed %d", seed).isEqualTo(expected());
    }
  }

  @Test
  void shouldBringBackATopicThatAToolDeletedInANameServerAlone() {
    // given
    broker.createTopic("T", 4);
    routes.registerNow();
    settle();

    // when
    toolDeletes(A, "T");
    Map<String, String> without = network.server(A).topics();
    settle();

    // then
    assertThat(without).doesNotContainKey("T");
    assertThat(network.server(A).topics()).isEqualTo(expected());
  }

  private void happen(Random random) {
    String topic = "T" + random.nextInt(8);
    String server = SERVERS.get(random.nextInt(SERVERS.size()));
    switch (random.nextInt(20)) {
      case 0, 1 -> change(topic, 1 + random.nextInt(3), random.nextBoolean() ? 6 : 4);
      case 2, 3 -> delete(topic);
      case 4 -> { // as mqadmin does, one request after the other with anything in between
        delete(topic);
        SERVERS.forEach(address -> toolsRequests.add(() -> toolDeletes(address, topic)));
      }
      case 5 -> toolDeletes(server, topic);
      case 6 -> toolRegisters(server, topic);
      case 7 -> network.lose(server);
      case 8 -> network.deliverLost(random.nextInt(8));
      case 9 -> network.closeLost(random.nextInt(8));
      case 10 -> network.timeOut(server);
      case 11 -> {
        if (random.nextInt(4) == 0) {
          network.restart(server);
        }
      }
      case 12 -> {
        if (!toolsRequests.isEmpty()) {
          toolsRequests.remove().run();
        }
      }
      default -> move(random);
    }
  }

  /** Something that was under way goes on. */
  private void move(Random random) {
    String server = SERVERS.get(random.nextInt(SERVERS.size()));
    switch (random.nextInt(5)) {
      case 0 -> network.deliver(server);
      case 1 -> network.server(server).turn();
      case 2 -> network.answer(server);
      case 3 -> broker.clock.advance(random.nextInt(50));
      default -> routes.turn();
    }
  }

  private void settle() {
    toolsRequests.forEach(Runnable::run);
    toolsRequests.clear();
    for (int second = 0; second < 40; second++) { // three questions and what follows from them
      broker.clock.advance(1_000);
      while (routes.turn() > 0) {
        network.calm();
      }
      network.calm();
    }
  }

  private void change(String topic, int queues, int perm) {
    record(
        RecordKind.TOPIC,
        TopicRecords.changed(broker.clock.millis(), Topic.of(topic, queues, perm)));
  }

  private void delete(String topic) {
    if (broker.topics.find(topic) != null) {
      record(RecordKind.TOPIC_DELETED, TopicRecords.deleted(broker.clock.millis(), topic));
    }
  }

  private void record(RecordKind kind, byte[] payload) {
    broker.rule(recorder -> recorder.record(kind, 0, payload));
    routes.topicsChanged();
  }

  private void toolDeletes(String address, String topic) {
    network
        .server(address)
        .take(new FakeCall(RequestCode.DELETE_TOPIC_IN_NAMESRV)
            .with("topic", topic)
            .with("clusterName", "DefaultCluster"));
    network.server(address).turn();
  }

  private void toolRegisters(String address, String topic) {
    network
        .server(address)
        .take(new FakeCall(RequestCode.REGISTER_TOPIC_IN_NAMESRV)
            .with("topic", topic)
            .withBody(new TopicRoute(
                    List.of(new QueueEntry("broker-a", 9, 9, 6, 0)), new ArrayList<>(), null)
                .toBytes()));
    network.server(address).turn();
  }

  private Map<String, String> expected() {
    Map<String, String> topics = new TreeMap<>();
    for (Topic topic : broker.topics.all()) {
      topics.put(topic.name(), topic.readQueues() + " " + topic.writeQueues() + " " + topic.perm());
    }
    return topics;
  }
}
