package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.bench.Mode.Flush;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final CompareSettings settings = CompareSettings.parse(Path.of("/r"), List.of());

  @Test
  void shouldSayWhichGoalsAreMissed() {
    // given
    Medians medians = new Medians(List.of(
        measurement("escrowmq", "sync16", Metric.CPU_PER_MILLION, 35),
        measurement("rocketmq", "sync16", Metric.CPU_PER_MILLION, 70),
        measurement("escrowmq", "async256", Metric.CPU_PER_MILLION, 10),
        measurement("rocketmq", "async256", Metric.CPU_PER_MILLION, 40),
        measurement("escrowmq", Measurement.PROCESS, Metric.START_MILLIS, 700)));

    // when
    String text = new Report(settings, medians).markdown();

    // then
    assertThat(text)
        .contains(
            "| sync send, 16 threads | async | - | - |  | 35.00 | 70.00 | 0.50 (goal 0.4 missed) |")
        .contains("| async send, window 256 | async | - | - |  | 10.00 | 40.00 | 0.25 |")
        .contains("| async | 700 | - |  | below 1000: reached |")
        .doesNotContain("batches");
  }

  @Test
  void shouldHoldTransactionsAgainstRocketMqAndAgainstOwnPlainSends() {
    // given
    Medians medians = new Medians(List.of(
        measurement("escrowmq", "tx16", Metric.PER_SECOND, 15_000),
        measurement("rocketmq", "tx16", Metric.PER_SECOND, 10_000),
        measurement("escrowmq", "sync16", Metric.PER_SECOND, 30_000),
        measurement("rocketmq", "sync16", Metric.PER_SECOND, 40_000)));

    // when
    String text = new Report(settings, medians).markdown();

    // then
    assertThat(text)
        .contains("| transactions, 16 threads | async | 15,000 | 10,000 | 1.50 (goal 2 missed) |")
        .contains("| tx16 / sync16 | async | escrowmq | 0.50 (goal 0.7 missed) | - |")
        .contains("| tx16 / sync16 | async | rocketmq | 0.25 | - |")
        .doesNotContain("tx64 / sync64");
  }

  @Test
  void shouldAskForNoMoreThanToBeAheadOfArtemis() {
    // given
    CompareSettings against =
        CompareSettings.parse(Path.of("/r"), List.of("--systems", "escrowmq,artemis"));
    Medians medians = new Medians(List.of(
        measurement("escrowmq", "tx64", Metric.PER_SECOND, 15_000),
        measurement("artemis", "tx64", Metric.PER_SECOND, 10_000),
        measurement("escrowmq", "tx64", Metric.CPU_PER_MILLION, 45),
        measurement("artemis", "tx64", Metric.CPU_PER_MILLION, 50)));

    // when / then
    assertThat(new Report(against, medians).markdown())
        .contains("| transactions, 64 threads | async | 15,000 | 10,000 | 1.50 | 45.00 | 50.00 |");
  }

  @Test
  void shouldHoldTheOwnClientAgainstEachOfTheOthers() {
    // given
    CompareSettings against = CompareSettings.parse(
        Path.of("/r"), List.of("--systems", "escrowmq-client,escrowmq,kafka"));
    Medians medians = new Medians(List.of(
        measurement("escrowmq-client", "sync16", Metric.GENERATOR_CPU_PER_MILLION, 12),
        measurement("escrowmq", "sync16", Metric.GENERATOR_CPU_PER_MILLION, 20),
        measurement("kafka", "sync16", Metric.GENERATOR_CPU_PER_MILLION, 10)));

    // when / then
    assertThat(new Report(against, medians).markdown())
        .contains("client CPU s per million, kafka | ratio to escrowmq | ratio to kafka |")
        .contains(
            "| sync send, 16 threads | async | 12.00 | 20.00 | 10.00 | 0.60 (goal 0.5 missed) | 1.20 |");
  }

  @Test
  void shouldKeepEveryFigureInALineOfJson() {
    // given
    Measurement measurement = new Measurement(
        2,
        "escrowmq",
        Flush.SYNC,
        "drain",
        Map.of(Metric.PER_SECOND, 1234.5),
        Map.of("a \"b\"", 3L, "idle", 0L),
        "0.5 0.4 0.3");

    // when / then
    assertThat(measurement.json())
        .isEqualTo("{\"pair\":2,\"system\":\"escrowmq\",\"flush\":\"sync\",\"part\":\"drain\","
            + "\"per_second\":1234.500,\"thread_ticks\":{\"a _b_\":3},\"load\":\"0.5 0.4 0.3\"}");
  }

  private static Measurement measurement(String system, String part, Metric metric, double value) {
    return new Measurement(1, system, Flush.ASYNC, part, Map.of(metric, value), Map.of(), "0 0 0");
  }
}
