package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.bench.Mode.Flush;
import org.junit.jupiter.api.Test;

class GoalsTest {

  @Test
  void shouldAskTheOwnClientForHalfOfTheCpuOfRocketMqs() {
    assertThat(ownAgainst("escrowmq", Mode.ASYNC256, Metric.GENERATOR_CPU_PER_MILLION, 0.5))
        .isEmpty();
    assertThat(ownAgainst("escrowmq", Mode.ASYNC256, Metric.GENERATOR_CPU_PER_MILLION, 0.51))
        .isEqualTo(" (goal 0.5 missed)");
  }

  @Test
  void shouldAskForTenTimesTheTransactionsOfKafkaAndForNoLessInBatches() {
    assertThat(ownAgainst("kafka", Mode.TX16, Metric.PER_SECOND, 10)).isEmpty();
    assertThat(ownAgainst("kafka", Mode.TX16, Metric.PER_SECOND, 9.9))
        .isEqualTo(" (goal 10 missed)");
    assertThat(ownAgainst("kafka", Mode.TX16X100, Metric.PER_SECOND, 0.1)).isEmpty();
    assertThat(ownAgainst("kafka", Mode.LINGER4096, Metric.PER_CPU_SECOND, 0.99))
        .isEqualTo(" (goal 1 missed)");
    assertThat(ownAgainst("kafka", Mode.ASYNC256, Metric.PER_CPU_SECOND, 0.1)).isEmpty();
  }

  @Test
  void shouldAskOnlyTheOwnClientForItsLatency() {
    assertThat(Goals.missed("escrowmq-client", Mode.LAT1000, Metric.P99_MILLIS, 2.1))
        .isEqualTo(" (goal 2 missed)");
    assertThat(Goals.missed("escrowmq-client", Mode.LAT1000, Metric.P99_MILLIS, 2))
        .isEmpty();
    assertThat(Goals.missed("escrowmq-client", Mode.LAT5000, Metric.P99_MILLIS, 9))
        .isEmpty();
    assertThat(Goals.missed("kafka", Mode.LAT1000, Metric.P99_MILLIS, 9)).isEmpty();
  }

  private static String ownAgainst(String other, Mode mode, Metric metric, double ratio) {
    return Goals.missed("escrowmq-client", other, mode, Flush.ASYNC, metric, ratio);
  }
}
