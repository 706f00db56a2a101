package io.escrowmq.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final String ID = "7F00000100002A9F%016X";

  @Test
  void shouldReadThePositionFromTheLastOfABatchsMessageIds() {
    assertThat(Tally.positionIn(ID.formatted(4096))).isEqualTo(4096);
    assertThat(Tally.positionIn(ID.formatted(0) + "," + ID.formatted(1200))).isEqualTo(1200);
    assertThat(Tally.positionIn("no id")).isEqualTo(-1);
    assertThat(Tally.positionIn(null)).isEqualTo(-1);
  }

  @Test
  void shouldReckonLogBytesFromTheDistanceOfTheFirstToTheLastAcknowledgement() {
    // given
    Tally tally = new Tally();
    long now = System.nanoTime();

    // when
    for (int batch = 0; batch < 5; batch++) {
      tally.acknowledged(32, now, ID.formatted(batch * 32 * 1100));
    }

    // then
    Figures figures = tally.figures(now, 32);
    assertThat(figures.messages()).isEqualTo(160);
    assertThat(figures.logBytesPerMessage()).isEqualTo(1100);
    assertThat(figures.highestPosition()).isEqualTo(4 * 32 * 1100);
  }

  @Test
  void shouldReportPercentilesInMicros() {
    // given
    Tally tally = new Tally();

    // when
    for (int millis = 1; millis <= 1000; millis++) {
      tally.latency(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    // then
    Figures figures = tally.figures(System.nanoTime(), 1);
    assertThat(figures.p50Micros()).isBetween(499_000L, 501_000L);
    assertThat(figures.p99Micros()).isBetween(989_000L, 991_000L);
    assertThat(figures.p999Micros()).isBetween(998_000L, 1_000_000L);
  }

  @Test
  void shouldGiveOutNoMoreThanTheBudget() {
    // given
    Budget budget = new Budget(70, Duration.ofMinutes(1));

    // when / then
    assertThat(budget.take(32)).isTrue();
    assertThat(budget.take(32)).isTrue();
    assertThat(budget.take(32)).isFalse();
    assertThat(new Budget(70, Duration.ZERO).take(1)).isFalse();
  }
}
