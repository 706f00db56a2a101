package io.escrowmq.client.handle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often and how soon messages are delivered again.
 *
 * @param maxDeliveries the first one included; 1 never delivers again
 * @param firstPause before the second delivery, then growing; null for the broker's own choice (10 s,
 *     30 s, 1 min, ...) and 1 s in ordered queues
 */
public record RetrySettings(int maxDeliveries, @Nullable Duration firstPause) {

  private static final int[] LEVEL_SECONDS = {
    1, 5, 10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1_200, 1_800, 3_600, 7_200
  };
  private static final Duration FIRST_ORDERED_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_ORDERED_PAUSE = Duration.ofSeconds(30);

  /** Checks. */
  public RetrySettings {
    if (maxDeliveries < 1) {
      throw new IllegalArgumentException(
          "maxDeliveries is " + maxDeliveries + ", at least 1 is needed");
    }
    if (firstPause != null && firstPause.isNegative()) {
      throw new IllegalArgumentException("the first pause is " + firstPause);
    }
  }

  /** The broker's delay level for the pause after this delivery; 0 leaves it to the broker. */
  int levelAfter(int attempt) {
    return firstPause == null
        ? 0
        : Math.min(LEVEL_SECONDS.length, levelOf(firstPause) + attempt - 1);
  }

  /** The level of the shortest delay that is not shorter; of the longest there is. */
  static int levelOf(Duration pause) {
    for (int level = 1; level < LEVEL_SECONDS.length; level++) {
      if (Duration.ofSeconds(LEVEL_SECONDS[level - 1]).compareTo(pause) >= 0) {
        return level;
      }
    }
    return LEVEL_SECONDS.length;
  }

  /** How long an ordered queue waits after this delivery: twice as long each time, at most 30 s. */
  Duration orderedPauseAfter(int attempt) {
    Duration pause = firstPause == null ? FIRST_ORDERED_PAUSE : firstPause;
    for (int i = 1; i < attempt && pause.compareTo(LONGEST_ORDERED_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_ORDERED_PAUSE) < 0 ? pause : LONGEST_ORDERED_PAUSE;
  }
}
