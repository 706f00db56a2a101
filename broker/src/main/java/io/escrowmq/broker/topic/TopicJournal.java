package io.escrowmq.broker.topic;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which topics the latest versions changed, so that name servers can be told these alone. Of older
 * changes nothing is known, and all topics have to be told. Any thread: changes are rare.
 */
final class TopicJournal {

  static final int CAPACITY = 4_096;

  private final String[] names =
      new String[CAPACITY]; // of the change to version c: at c % CAPACITY
  private long first = 1; // the oldest version whose change is known
  private long last; // the newest one

  /** Nothing is known of the changes up to this version. */
  synchronized void beginBehind(long counter) {
    first = counter + 1;
    last = counter;
  }

  /** The change to this version, which follows the last one, was of this topic. */
  synchronized void note(long counter, String name) {
    if (counter != last + 1) {
      throw new IllegalArgumentException(
          "the change to version " + counter + " does not follow version " + last);
    }
    names[(int) (counter % CAPACITY)] = name;
    last = counter;
    first = Math.max(first, counter - CAPACITY + 1);
  }

  /** The topics changed after a version, up to another; null when some of that is not known. */
  synchronized @Nullable Set<String> between(long after, long upTo) {
    if (after + 1 < first || upTo > last) {
      return null;
    }
    Set<String> changed = new LinkedHashSet<>();
    for (long counter = after + 1; counter <= upTo; counter++) {
      changed.add(names[(int) (counter % CAPACITY)]);
    }
    return changed;
  }
}
