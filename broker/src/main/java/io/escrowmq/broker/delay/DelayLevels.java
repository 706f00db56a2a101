package io.escrowmq.broker.delay;

import java.util.concurrent.TimeUnit;

/** The eighteen delay levels of the protocol: 1 is a second, 18 two hours; higher means 18. */
public final class DelayLevels {

  private static final long[] MILLIS = {
    TimeUnit.SECONDS.toMillis(1),
    TimeUnit.SECONDS.toMillis(5),
    TimeUnit.SECONDS.toMillis(10),
    TimeUnit.SECONDS.toMillis(30),
    TimeUnit.MINUTES.toMillis(1),
    TimeUnit.MINUTES.toMillis(2),
    TimeUnit.MINUTES.toMillis(3),
    TimeUnit.MINUTES.toMillis(4),
    TimeUnit.MINUTES.toMillis(5),
    TimeUnit.MINUTES.toMillis(6),
    TimeUnit.MINUTES.toMillis(7),
    TimeUnit.MINUTES.toMillis(8),
    TimeUnit.MINUTES.toMillis(9),
    TimeUnit.MINUTES.toMillis(10),
    TimeUnit.MINUTES.toMillis(20),
    TimeUnit.MINUTES.toMillis(30),
    TimeUnit.HOURS.toMillis(1),
    TimeUnit.HOURS.toMillis(2)
  };

  private DelayLevels() {}

  /** The delay of a level from 1 on, in milliseconds. */
  public static long millis(int level) {
    if (level < 1) {
      throw new IllegalArgumentException("delay level " + level + " is below 1");
    }
    return MILLIS[Math.min(level, MILLIS.length) - 1];
  }
}
