package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.metrics.MetricRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each feature fails in turn, at each thing that it does beside requests and records. */
class FeaturesTest {

  private static final int COUNT = 4;

  /** All that is done by time, or because something has ended. */
  private static final Map<String, Consumer<Features>> STEPS = Map.of(
      "onTick", Features::onTick,
      "stop", Features::stop,
      "letGoOfTopic", features -> features.letGoOfTopic("orders"),
      "letGoOfGroup", features -> features.letGoOfGroup("readers"),
      "topicIsGone", features -> features.topicIsGone("orders"),
      "readersOf", features -> features.readersOf("orders"));

  /** What makes a core: a failure there is the core's. */
  private static final Set<String> MAKING =
      Set.of("applyBy", "views", "holds", "duties", "requests", "arrivals", "start");

  private final Features features = new Features(new ManualClock(1_700_000_000_000L).ticker());
  private final List<String> called = new ArrayList<>();

  static Stream<Arguments> failures() {
    return STEPS.keySet().stream()
        .sorted()
        .flatMap(step -> Stream.iterate(0, victim -> victim + 1)
            .limit(COUNT)
            .flatMap(victim ->
                Stream.of(Arguments.of(step, victim, false), Arguments.of(step, victim, true))));
  }

  @Test
  void shouldKnowAllThatAFeatureDoes() {
    Set<String> known = new TreeSet<>(STEPS.keySet());
    known.addAll(MAKING);
    assertThat(Arrays.stream(Feature.class.getMethods()).map(method -> method.getName()))
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldHaveAllOthersDoTheirPartWhenOneFails(String step, int victim, boolean isError) {
    // given
    for (int i = 0; i < COUNT; i++) {
      features.add(feature(i, i == victim ? step : "", isError));
    }
    MetricRegistry metrics = new MetricRegistry();
    features.register(metrics);
    features.start();
    called.clear();

    // when
    STEPS.get(step).accept(features);

    // then
    List<String> all = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      all.add(step.equals("stop") ? 0 : all.size(), step + " of " + i);
    }
    assertThat(called).containsExactlyElementsOf(all);
    assertThat(metrics.read().metrics())
        .singleElement()
        .satisfies(metric -> assertThat(metric.value()).isOne());
  }

  @Test
  void shouldPutTogetherWhoReadsATopic() {
    // given
    for (String reader : List.of("a", "b", "a")) {
      features.add(new Feature() {
        @Override
        public Set<String> readersOf(String topic) {
          return Set.of(reader + " of " + topic);
        }
      });
    }

    // when then
    assertThat(features.readersOf("orders"))
        .containsExactlyInAnyOrder("a of orders", "b of orders");
  }

  @Test
  void shouldLetNothingGoForRecordsThatAreReplayed() {
    // given
    features.add(feature(0, "", false));
    called.clear();

    // when
    features.letGoOfTopic("orders");
    features.letGoOfGroup("readers");

    // then
    assertThat(called).isEmpty();
  }

  private Feature feature(int number, String failing, boolean isError) {
    Feature usual = new Feature() {};
    return (Feature) Proxy.newProxyInstance(
        Feature.class.getClassLoader(), new Class<?>[] {Feature.class}, (proxy, method, args) -> {
          called.add(method.getName() + " of " + number);
          if (method.getName().equals(failing)) {
            throw isError ? new StackOverflowError() : new IllegalStateException("as wanted");
          }
          try {
            return method.invoke(usual, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
