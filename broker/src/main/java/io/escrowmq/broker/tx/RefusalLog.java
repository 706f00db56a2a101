package io.escrowmq.broker.tx;

import org.jspecify.annotations.Nullable;

/**
 * Limits the lines about one-way reports that were refused: one in ten seconds at most, however many
 * there are. Owner: the thread that settles.
 */
final class RefusalLog {

  private static final long PAUSE_MILLIS = 10_000;

  private long untilMillis = Long.MIN_VALUE; // quiet
  private long unsaid;

  /** The line about a refusal; null when it is too early for another one. */
  @Nullable
  String line(long nowMillis, String refusal) {
    if (nowMillis < untilMillis) {
      unsaid++;
      return null;
    }
    String others = unsaid == 0 ? "" : " (" + unsaid + " others were refused before)";
    untilMillis = nowMillis + PAUSE_MILLIS;
    unsaid = 0;
    return "a one-way report was refused, the transaction stays open: " + refusal + others;
  }
}
