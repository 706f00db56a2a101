package io.escrowmq.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

  private static final Instant BEGIN = Instant.ofEpochMilli(1_700_000_000_000L);

  private Instant wall = BEGIN;
  private long nanos = 5;
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
  }

  @Test
  void shouldBeTheWallClockAsLongAsNobodySetsThat() {
    // when
    pass(Duration.ofHours(3));

    // then
    assertThat(clock.instant()).isEqualTo(BEGIN.plus(Duration.ofHours(3)));
  }

  @Test
  void shouldNotLeapWithTheWallClock() {
    // when
    wall = wall.plus(Duration.ofHours(100));
    pass(Duration.ofHours(1));

    // then
    assertThat(clock.instant()).isEqualTo(BEGIN.plus(Duration.ofHours(1)));
  }

  @Test
  void shouldGoBackWithTheWallClock() {
    // when
    wall = wall.minus(Duration.ofHours(1));

    // then
    assertThat(clock.instant()).isEqualTo(BEGIN.minus(Duration.ofHours(1)));
  }
}
