package io.escrowmq.broker.delay;

import io.escrowmq.runtime.Ticker;
import java.util.HashMap;
import java.util.Map;

/**
 * Since when parts of the log cannot be read: a mapping that fails once must not be taken for a disk that
 * is lost. Of this run of the process. Owner: the log loop.
 */
final class LastingFailures {

  private static final int PART_BITS = 20; // of a position: parts of 1 MiB fail and work together
  private static final long LASTING_MILLIS = 3_600_000;

  private final Ticker ticker;
  private final Map<Long, Long> since = new HashMap<>(); // tick of the first failure, by part

  LastingFailures(Ticker ticker) {
    this.ticker = ticker;
  }

  /** A record could not be read. Whether nothing around it could be for an hour. */
  boolean hasFailedForLong(long position) {
    long now = ticker.millis();
    Long first = since.putIfAbsent(position >> PART_BITS, now);
    return first != null && now - first >= LASTING_MILLIS;
  }

  /** A record could be read. */
  void hasWorked(long position) {
    if (!since.isEmpty()) {
      since.remove(position >> PART_BITS);
    }
  }
}
