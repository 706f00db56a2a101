package io.escrowmq.store.queue;

import java.util.Arrays;

/** What is looked for in the key index, and what was found so far, newest first. Owner: one reader. */
final class KeyMatches {

  private final long hash;
  private final long fromTimeMillis;
  private final long toTimeMillis;
  private final long forgottenBefore;
  private final long before;
  private final int max;
  private long[] positions = new long[8];
  private int count;

  /** @param before positions from this one on are not for this reader */
  KeyMatches(
      long hash,
      long fromTimeMillis,
      long toTimeMillis,
      long forgottenBefore,
      long before,
      int max) {
    this.hash = hash;
    this.fromTimeMillis = fromTimeMillis;
    this.toTimeMillis = toTimeMillis;
    this.forgottenBefore = forgottenBefore;
    this.before = before;
    this.max = max;
  }

  long hash() {
    return hash;
  }

  boolean isFull() {
    return count >= max;
  }

  boolean mayLieIn(long earliestMillis, long latestMillis, long highestPosition) {
    return earliestMillis <= toTimeMillis
        && latestMillis >= fromTimeMillis
        && highestPosition >= forgottenBefore;
  }

  /**
   * Takes the position if time and retention allow, and there is room; once, also when two runs have
   * it.
   */
  void offer(long position, long timeMillis) {
    if (isFull()
        || (count > 0 && positions[count - 1] == position)
        || timeMillis < fromTimeMillis
        || timeMillis > toTimeMillis
        || position < forgottenBefore
        || position >= before) {
      return;
    }
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, count * 2);
    }
    positions[count++] = position;
  }

  long[] positions() {
    return Arrays.copyOf(positions, count);
  }
}
