package io.escrowmq.client.core;

import java.time.Duration;

/** Refuses settings that make no sense; names the setting, the value and the limit. */
public final class Arguments {

  private Arguments() {}

  /** Refuses a number below the least one. */
  public static void atLeast(long least, long value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " is " + value + ", at least " + least + " is needed");
    }
  }

  /** Refuses a time below the least one. */
  public static void atLeast(Duration least, Duration value, String name) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          name + " is " + inWords(value) + ", at least " + inWords(least) + " is needed");
    }
  }

  private static String inWords(Duration time) {
    if (time.isZero()) {
      return "0";
    }
    long nanos = time.toNanosPart();
    if (nanos == 0 && time.toSeconds() % 60 == 0) {
      return time.toMinutes() + " min";
    }
    return nanos == 0
        ? time.toSeconds() + " s"
        : nanos % 1_000_000 == 0 ? time.toMillis() + " ms" : time.toNanos() + " ns";
  }
}
