package io.escrowmq.broker.tx;

import io.escrowmq.broker.connected.ClientEvents;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Producer groups of which a producer came, until the log's next turn, and those whose transactions wait
 * for one. Any thread tells; the log loop takes.
 *
 * <p>It is a note and no request, so no full inbox refuses it: what waits for a producer would go on
 * waiting until another one comes.
 */
final class ReturningProducers implements ClientEvents.Listener {

  // Groups in each set. One more that came is told again by its next heartbeat.
  private static final int MOST = 100_000;

  static final int GROUPS_AT_ONCE = 1000; // others wait for the end of the turn

  private final Set<String> came = ConcurrentHashMap.newKeySet();
  private final Set<String> missed = ConcurrentHashMap.newKeySet();
  private volatile boolean anyMayBeMissed; // there were too many to know them by name
  private final Runnable wake;

  /** @param wake has the log's next turn come soon */
  ReturningProducers(Runnable wake) {
    this.wake = wake;
  }

  @Override
  public void producerCame(String group) {
    if (came.size() < MOST && came.add(group)) {
      wake.run();
    }
  }

  @Override
  public void producerIsHere(String group) {
    if (anyMayBeMissed || missed.contains(group)) {
      producerCame(group);
    }
  }

  /** No producer of the group could be asked about a transaction. The log loop only. */
  void missed(String group) {
    if (anyMayBeMissed || missed.contains(group)) {
      return;
    }
    if (missed.size() < MOST) {
      missed.add(group);
    } else { // senders choose the names: from now on each heartbeat counts
      anyMayBeMissed = true;
      missed.clear();
    }
  }

  /** How many missed groups are known by name. */
  int remembered() {
    return missed.size();
  }

  boolean hasCome() {
    return !came.isEmpty();
  }

  /** Takes groups of which a producer came, some at a time. */
  void take(Consumer<String> group) {
    Iterator<String> names = came.iterator();
    for (int i = 0; i < GROUPS_AT_ONCE && names.hasNext(); i++) {
      String name = names.next();
      names.remove();
      missed.remove(name);
      group.accept(name);
    }
  }
}
