package io.escrowmq.namesrv.route;

import static io.escrowmq.namesrv.route.Brokers.EIGHT;
import static io.escrowmq.namesrv.route.Brokers.FOUR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.DataVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Brokers come, speak, fall silent, leave and lose connections at random; a list of who spoke when,
 * which is searched from end to end for every answer, must agree with the book.
 */
class RouteBookModelTest {

  private static final long LEASE_MILLIS = 20_000;

  /** One broker as the model sees it. */
  private static final class ModelBroker {
    final BrokerMember broker;
    final Map<String, TopicQueues> topics = new HashMap<>();
    Object connection;
    long spokeMillis;

    ModelBroker(BrokerMember broker) {
      this.broker = broker;
    }
  }

  private final RouteBook book = new RouteBook(RouteLimits.DEFAULT);
  private final Map<String, ModelBroker> model = new TreeMap<>(); // masters only, by name
  private final Map<String, Object> connections = new HashMap<>();
  private long nowMillis = 1_000_000;
  private long version;

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 42, 20261122})
  void shouldAgreeWithASimpleListOfWhoSpokeWhen(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 3_000; step++) {
      // when
      String name = "b" + random.nextInt(6);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> register(random, name);
        case 3 -> renew(name);
        case 4 -> leave(name);
        case 5 -> disconnect(name);
        default -> pass(1 + random.nextInt(6));
      }

      // then
      assertThat(book.image().topics())
          .as("seed %d, step %d", seed, step)
          .containsExactlyElementsOf(expectedTopics().keySet());
      if (step % 20 == 0) {
        expectedTopics().forEach((topic, byBroker) -> compare(topic, byBroker, seed));
      }
    }
  }

  private void compare(String topic, SortedMap<String, TopicQueues> byBroker, long seed) {
    String route = new String(book.image().encodedRoute(topic), UTF_8);
    StringBuilder queues = new StringBuilder();
    byBroker.forEach((name, q) -> queues
        .append(queues.length() == 0 ? "" : ",")
        .append("{\"brokerName\":\"" + name + "\",\"perm\":6,\"readQueueNums\":" + q.readQueues()
            + ",\"topicSysFlag\":0,\"writeQueueNums\":" + q.writeQueues() + "}"));
    assertThat(route).as("seed %d", seed).endsWith("\"queueDatas\":[" + queues + "]}");
    byBroker.keySet().forEach(name -> assertThat(route).contains(name + ".test:10911"));
  }

  private SortedMap<String, SortedMap<String, TopicQueues>> expectedTopics() {
    SortedMap<String, SortedMap<String, TopicQueues>> topics = new TreeMap<>();
    for (ModelBroker seen : model.values()) {
      seen.topics.forEach((topic, queues) -> topics
          .computeIfAbsent(topic, name -> new TreeMap<>())
          .put(seen.broker.brokerName(), queues));
    }
    return topics;
  }

  private void register(Random random, String name) {
    Map<String, TopicQueues> topics = new HashMap<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      topics.put("t" + random.nextInt(12), random.nextBoolean() ? FOUR : EIGHT);
    }
    Object connection = connections.computeIfAbsent(name, key -> new Object());
    BrokerMember broker = Brokers.master(name);
    book.register(
        new Registration(
            broker,
            null,
            LEASE_MILLIS,
            false,
            new DataVersion(++version, 0, 0),
            version,
            topics,
            false,
            0),
        connection,
        nowMillis);
    ModelBroker seen = model.computeIfAbsent(name, key -> new ModelBroker(broker));
    seen.topics.putAll(topics);
    seen.connection = connection;
    seen.spokeMillis = nowMillis;
  }

  private void renew(String name) {
    book.renew(Brokers.master(name).address(), nowMillis);
    ModelBroker seen = model.get(name);
    if (seen != null) {
      seen.spokeMillis = nowMillis;
    }
  }

  private void leave(String name) {
    assertThat(book.unregister(Brokers.master(name))).isEqualTo(model.remove(name) != null);
  }

  private void disconnect(String name) {
    Object connection = connections.remove(name);
    if (connection != null) {
      book.disconnected(connection);
      model.values().removeIf(seen -> seen.connection == connection);
    }
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nowMillis += 1_000;
      book.tick(nowMillis);
      model.values().removeIf(seen -> nowMillis - seen.spokeMillis >= LEASE_MILLIS);
    }
  }
}
