package io.escrowmq.broker.core;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that cannot be delivered because their bytes are damaged or gone: counted, named in the
 * broker's log, and the latest ones kept for operators to see. A message counts once, however often it
 * is read. Since the start; any thread.
 */
public final class UnreadableMessages {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadableMessages.class);

  private static final int MOST_LISTED = 64;
  private static final int MOST_KNOWN = 10_000; // beyond, a message that is read again counts again

  /**
   * One of them.
   *
   * @param where its topic, queue and offset, as far as they are known
   * @param position of its record
   * @param sinceMillis when it was first noticed
   */
  public record Entry(String where, long position, long sinceMillis, String why) {}

  private final InstantSource clock;
  private final Set<Long> known = new HashSet<>(); // positions, under the lock
  private final Deque<Entry> latest = new ArrayDeque<>(); // newest last, under the lock
  private long count; // under the lock

  public UnreadableMessages(InstantSource clock) {
    this.clock = clock;
  }

  /** A message was found to be unreadable for ever. */
  public synchronized void note(String where, long position, String why) {
    if (!known.add(position)) {
      return;
    }
    if (known.size() > MOST_KNOWN) {
      known.clear();
      known.add(position);
    }
    count++;
    latest.addLast(new Entry(where, position, clock.millis(), why));
    if (latest.size() > MOST_LISTED) {
      latest.removeFirst();
    }
    LOG.error("a message cannot be delivered: {}, position {}: {}", where, position, why);
  }

  /** How many there were since the start. */
  public synchronized long count() {
    return count;
  }

  /** The latest ones, the newest last. */
  public synchronized List<Entry> latest() {
    return new ArrayList<>(latest);
  }
}
