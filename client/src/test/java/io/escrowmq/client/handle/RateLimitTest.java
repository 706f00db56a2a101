package io.escrowmq.client.handle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RateLimitTest {

  private static final long SECOND = 1_000_000_000L;

  /** How many are let through from one moment to another, by somebody who waits as told. */
  private static int letThrough(RateLimit limit, long from, long to) {
    int count = 0;
    long now = from;
    while (now < to) {
      long wait = limit.take(now);
      if (wait == 0) {
        count++;
      }
      now += wait;
    }
    return count;
  }

  @Test
  void shouldLetThroughSoManyASecond() {
    // given
    RateLimit limit = new RateLimit(100);

    // when
    int first = letThrough(limit, 0, SECOND);
    int second = letThrough(limit, SECOND, 2 * SECOND);

    // then
    assertThat(first).isBetween(100, 112); // a tenth of a second's worth at once
    assertThat(second).isBetween(99, 101);
  }

  @Test
  void shouldNotSaveUpMoreThanATenthOfASecond() {
    // given
    RateLimit limit = new RateLimit(100);
    letThrough(limit, 0, SECOND);

    // when
    int afterSilence = letThrough(limit, 100 * SECOND, 100 * SECOND + 1);

    // then
    assertThat(afterSilence).isBetween(10, 11);
  }

  @Test
  void shouldLetEverythingThroughWithoutALimit() {
    // given
    RateLimit limit = new RateLimit(0);

    // when, then
    for (int i = 0; i < 1_000; i++) {
      assertThat(limit.take(7)).isZero();
    }
  }
}
