package io.escrowmq.broker.tx;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Producer groups that somebody came for, until the log's next turn, and those whose transactions wait
 * for somebody. Any thread tells; the log loop takes.
 *
 * <p>It is a note and no request, so no full inbox refuses it: what waits for a producer would go on
 * waiting until another one comes.
 */
final class ReturningProducers {

  private static final int MOST =
      100_000; // groups; one more is told of again by its next heartbeat

  private final Set<String> came = ConcurrentHashMap.newKeySet();
  private final Set<String> missed = ConcurrentHashMap.newKeySet();
  private final Runnable wake;

  /** @param wake has the log's next turn come soon */
  ReturningProducers(Runnable wake) {
    this.wake = wake;
  }

  /** A producer of the group came. */
  void came(String group) {
    if (came.size() < MOST && came.add(group)) {
      wake.run();
    }
  }

  /** A producer of the group is still here. */
  void isHere(String group) {
    if (missed.contains(group)) {
      came(group);
    }
  }

  /** Nobody of the group could be asked about a transaction. */
  void missed(String group) {
    missed.add(group);
  }

  boolean hasCome() {
    return !came.isEmpty();
  }

  /** Takes the groups that somebody came for. */
  void take(Consumer<String> group) {
    came.removeIf(name -> {
      missed.remove(name);
      group.accept(name);
      return true;
    });
  }
}
