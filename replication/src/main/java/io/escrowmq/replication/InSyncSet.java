package io.escrowmq.replication;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which replicas must have a record before it counts as committed. Immutable.
 *
 * @param replicas each has everything that is committed
 * @param eligible left while nothing could be committed any more, so each of them has everything, too
 * @param least with fewer in-sync replicas nothing is committed (min-in-sync)
 */
public record InSyncSet(SortedSet<Integer> replicas, SortedSet<Integer> eligible, int least) {

  public InSyncSet {
    replicas = sorted(replicas);
    eligible = sorted(eligible);
    Limits.range("the number of in-sync replicas", replicas.size(), 1, Limits.MOST_REPLICAS);
    Limits.range("min-in-sync", least, 1, Limits.MOST_REPLICAS);
    if (!Collections.disjoint(replicas, eligible)) {
      throw new IllegalArgumentException(
          "in sync " + replicas + " and eligible " + eligible + " have a replica in common");
    }
  }

  public boolean contains(int replica) {
    return replicas.contains(replica);
  }

  /** Whether there are too few to commit anything. */
  public boolean isThin() {
    return replicas.size() < least;
  }

  /** The set has changed: who left a set that is now too small stays eligible until it is large enough again. */
  InSyncSet become(Collection<Integer> next) {
    SortedSet<Integer> stillEligible = new TreeSet<>();
    if (next.size() < least) {
      stillEligible.addAll(eligible);
      stillEligible.addAll(replicas);
      stillEligible.removeAll(next);
    }
    return new InSyncSet(sorted(next), stillEligible, least);
  }

  InSyncSet withLeast(int newLeast) {
    boolean isThin = replicas.size() < newLeast;
    return new InSyncSet(replicas, isThin ? eligible : new TreeSet<>(), newLeast);
  }

  InSyncSet withoutEligible(int replica) {
    SortedSet<Integer> others = new TreeSet<>(eligible);
    others.remove(replica);
    return new InSyncSet(replicas, others, least);
  }

  static SortedSet<Integer> sorted(Collection<Integer> replicas) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(replicas));
  }
}
