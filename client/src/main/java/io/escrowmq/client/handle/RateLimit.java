package io.escrowmq.client.handle;

import java.time.Duration;

/**
 * Spreads handling over time: so many a second, and after a silence a tenth of that at once. One owner
 * at a time.
 */
final class RateLimit {

  private static final long BURST_NANOS = Duration.ofMillis(100).toNanos();

  private final long intervalNanos; // 0: no limit
  private long freeAtNanos;
  private boolean used;

  /**
   * @param perSecond 0 for no limit
   */
  RateLimit(double perSecond) {
    intervalNanos = perSecond == 0 ? 0 : Math.max(1, (long) (1e9 / perSecond));
  }

  boolean isUnlimited() {
    return intervalNanos == 0;
  }

  /** Takes the right to handle one more: returns 0, or for how many nanoseconds there is none. */
  long take(long nowNanos) {
    if (intervalNanos == 0) {
      return 0;
    }
    if (!used || nowNanos - freeAtNanos > BURST_NANOS) {
      freeAtNanos = nowNanos - BURST_NANOS;
      used = true;
    }
    long wait = freeAtNanos - nowNanos;
    if (wait > 0) {
      return wait;
    }
    freeAtNanos += intervalNanos;
    return 0;
  }
}
