package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final Snapshot before = new Snapshot(
      new ProcFiles.Cpu(100, 100), new ProcFiles.Cpu(10, 0), Map.of("log-loop", 50L, "ended", 1L));

  private final Snapshot after = new Snapshot(
      new ProcFiles.Cpu(300, 200),
      new ProcFiles.Cpu(410, 0),
      Map.of("log-loop", 150L, "C2 CompilerThre", 20L, "GC Thread", 30L));

  @Test
  void shouldReckonPerMillionMessagesAndPerMessage() {
    // given
    Map<String, String> answer =
        Generator.values("messages=100000 failures=2 nanos=10000000000 p50=1500 max=3000");

    // when
    Map<Metric, Double> values = after.since(before, answer);

    // then
    assertThat(values)
        .containsEntry(Metric.PER_SECOND, 10_000.0)
        .containsEntry(Metric.CPU_PER_MILLION, 30.0)
        .containsEntry(Metric.SYSTEM_CPU_PER_MILLION, 10.0)
        .containsEntry(Metric.COMPILER_CPU_PER_MILLION, 2.0)
        .containsEntry(Metric.COLLECTOR_CPU_PER_MILLION, 3.0)
        .containsEntry(Metric.GENERATOR_CPU_PER_MILLION, 40.0)
        .containsEntry(Metric.PER_CPU_SECOND, 100_000 / 7.0)
        .containsEntry(Metric.P50_MILLIS, 1.5)
        .containsEntry(Metric.FAILURES, 2.0)
        .doesNotContainKey(Metric.LOG_BYTES);
  }

  @Test
  void shouldNotDivideByNoMessages() {
    assertThat(after.since(before, Generator.values("messages=0 failures=5 nanos=1")))
        .containsOnlyKeys(Metric.MESSAGES, Metric.FAILURES);
  }

  @Test
  void shouldReckonWhatBecameOfTransactionsAgainstThoseThatWereCommitted() {
    // when
    Map<Metric, Double> values = Snapshot.aftermath(
        Generator.values("visible=950 checks=3 logbytes=1300000 callp50=500 callp99=2000"), 1000);

    // then
    assertThat(values)
        .containsEntry(Metric.VISIBLE_PERCENT, 95.0)
        .containsEntry(Metric.CHECKS, 3.0)
        .containsEntry(Metric.LOG_BYTES, 1300.0)
        .containsEntry(Metric.CALL_P99_MILLIS, 2.0);
    assertThat(Snapshot.aftermath(Map.of("visible", "0"), 0)).isEmpty();
  }

  @Test
  void shouldNotSayWhatIsVisibleWhenNobodyCanTell() {
    assertThat(Snapshot.aftermath(Generator.values("visible=-1 callp50=500"), 1000))
        .containsEntry(Metric.CALL_P50_MILLIS, 0.5)
        .doesNotContainKeys(Metric.VISIBLE, Metric.VISIBLE_PERCENT);
  }

  @Test
  void shouldCountThreadsThatLiveNow() {
    assertThat(after.threadsSince(before))
        .isEqualTo(Map.of("log-loop", 100L, "C2 CompilerThre", 20L, "GC Thread", 30L));
  }
}
