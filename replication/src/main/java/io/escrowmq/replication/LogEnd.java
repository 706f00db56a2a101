package io.escrowmq.replication;

import java.util.Comparator;

/**
 * Where a log ends. Of two logs of a group the greater end has more of what may be committed.
 *
 * @param epoch of the last record; 0 for an empty log
 */
public record LogEnd(int epoch, long position) implements Comparable<LogEnd> {

  private static final Comparator<LogEnd> ORDER =
      Comparator.comparingInt(LogEnd::epoch).thenComparingLong(LogEnd::position);

  public LogEnd {
    if (epoch < 0 || position < 0) {
      throw new IllegalArgumentException(
          "a log that ends in epoch " + epoch + " at " + position + ": neither can be below 0");
    }
  }

  public boolean isEmpty() {
    return epoch == 0;
  }

  @Override
  public int compareTo(LogEnd other) {
    return ORDER.compare(this, other);
  }
}
