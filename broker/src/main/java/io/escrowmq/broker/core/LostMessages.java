package io.escrowmq.broker.core;

import io.escrowmq.broker.core.LostRanges.Range;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offsets of queues that have no message, because a repair of the store gave its record up: consumers
 * pass them in silence, so the broker tells them to whoever operates it. They are found by looking at
 * the queues, never by what clients ask. One thread looks, any thread sees.
 */
public final class LostMessages {

  private static final Logger LOG = LoggerFactory.getLogger(LostMessages.class);

  // all under the lock
  private LostRanges found = new LostRanges(); // in the look that is under way
  private LostRanges shown = found; // of the last look at all queues, or the first one so far
  private final Set<String> named = new TreeSet<>(); // in the log, since the start
  private boolean isMoreTold;

  /** A look at all queues begins. */
  public synchronized void begin() {
    found = new LostRanges();
    shown = shown.messages() == 0 ? found : shown;
  }

  /** Offsets of a queue; in ascending order, queue by queue. */
  public synchronized void note(String topic, int queueId, long from, long to) {
    tell(found.add(topic, queueId, from, to));
  }

  /** All queues were looked at. */
  public synchronized void end() {
    tell(found.end());
    List<String> told = found.told();
    if (told.size() > LostRanges.MOST_LISTED && !isMoreTold) {
      isMoreTold = true;
      LOG.warn("{}", told.get(LostRanges.MOST_LISTED));
    }
    shown = found;
  }

  // By its end, since retention takes it from the front; and with a bound, should topics come and
  // go.
  private void tell(@Nullable Range range) {
    if (range != null
        && named.size() < 10 * LostRanges.MOST_LISTED
        && named.add(range.topic() + "/" + range.queueId() + "/" + range.to())) {
      LOG.warn("{}: a repair of the store found their records lost; consumers pass them", range);
    }
  }

  /** So many messages. */
  public synchronized long count() {
    return shown.messages();
  }

  /** Which they are, in sentences; a bounded number of them. */
  public synchronized List<String> told() {
    return shown.told();
  }
}
