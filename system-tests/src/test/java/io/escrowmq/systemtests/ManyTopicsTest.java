package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A broker with 100,000 topics, and the tools of RocketMQ 5.5.0. Prints how long things took (see
 * docs/benchmarks.md). The number of topics can be set with the system property {@code
 * systemtests.topics}.
 */
@SystemTest
@Tag("long")
@ResourceLock(TestBed.OWN_SERVERS)
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class ManyTopicsTest {

  private static final int TOPICS = Integer.getInteger("systemtests.topics", 100_000);
  private static final int AT_ONCE = 500;
  private static final int UPDATE_AND_CREATE_TOPIC_LIST = 18;
  private static final int GET_ROUTE = 105;
  private static final int DELETE_TOPIC_IN_BROKER = 215;
  private static final int TOPIC_NOT_EXIST = 17;

  private final ServerProcess server;
  private final Clients clients;

  ManyTopicsTest(TestBed bed) {
    server = bed.startBoth("many-topics", Map.of());
    clients = bed.clients(ClientKind.V5_5_0_JSON, server);
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
  }

  @Test
  void shouldListThemAllAndRouteAChangedOneWhenItsChangeIsAnswered() {
    // given
    timed("create " + TOPICS + ", " + AT_ONCE + " at a time", () -> {
      for (int first = 0; first < TOPICS; first += AT_ONCE) {
        createSome(first);
      }
      return TOPICS;
    });
    timed("orderly end", () -> {
      server.stop();
      return TOPICS;
    });
    timed("start until registered", () -> {
      server.start();
      return TOPICS;
    });

    // when
    String listed = timed("mqadmin topicList", () -> clients.mqadmin("topicList"));
    String route =
        timed("mqadmin topicRoute", () -> clients.mqadmin("topicRoute", "-t", name(TOPICS - 1)));
    List<Answer> answers = new ArrayList<>();
    List<String> routes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String topic = "another-" + i;
      answers.add(timed("create one more", () -> put(topic, 4)));
      routes.add(route(topic).body());
    }
    answers.add(timed("change it", () -> put("another-0", 7)));
    String changed = route("another-0").body();
    answers.add(timed(
        "delete it",
        () -> clients.request(
            server.broker(), DELETE_TOPIC_IN_BROKER, Map.of("topic", "another-0"))));

    // then
    assertThat(listed.lines().filter(line -> line.startsWith("many-"))).hasSize(TOPICS);
    assertThat(route).contains(server.broker());
    assertThat(answers).allSatisfy(answer -> {
      assertThat(answer.code()).isZero();
      assertThat(answer.remark()).doesNotContain("may not know");
    });
    assertThat(routes).allSatisfy(found -> assertThat(found).contains(server.broker()));
    assertThat(changed).contains("\"readQueueNums\":7");
    assertThat(route("another-0").code()).isEqualTo(TOPIC_NOT_EXIST);
  }

  private void createSome(int first) {
    String topics = IntStream.range(first, Math.min(first + AT_ONCE, TOPICS))
        .mapToObj(i -> "{\"topicName\":\"" + name(i) + "\",\"readQueueNums\":4,"
            + "\"writeQueueNums\":4,\"perm\":6}")
        .collect(Collectors.joining(","));
    Answer answer = clients.request(
        server.broker(),
        UPDATE_AND_CREATE_TOPIC_LIST,
        Map.of(),
        "{\"topicConfigList\":[" + topics + "]}");
    assertThat(answer.code()).as(answer.remark()).isZero();
  }

  private static String name(int i) {
    return "many-" + Integer.toString(i * 7919, 36) + "-" + i;
  }

  private Answer put(String topic, int queues) {
    return clients.putTopic(server, topic, queues);
  }

  private Answer route(String topic) {
    return clients.request(clients.nameServer(), GET_ROUTE, Map.of("topic", topic));
  }

  private static <T> T timed(String what, Supplier<T> work) {
    long begin = System.nanoTime();
    T result = work.get();
    long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    System.out.printf("%-50s %7d ms%n", what, millis);
    return result;
  }
}
