package io.escrowmq.tx;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Groups that have something due, by the time when they may be asked next; equal times in the order in
 * which they came. A look costs the same however many there are: senders choose the names of groups.
 * Owner: the coordinator.
 */
final class AskingGroups {

  private final TreeSet<GroupLedger> byTime =
      new TreeSet<>(Comparator.<GroupLedger>comparingLong(group -> group.nextAskTick)
          .thenComparingLong(group -> group.placeAsking));
  private long places;

  /** Adds a group, unless it is here. */
  void add(GroupLedger group) {
    if (!group.isAsking) {
      group.isAsking = true;
      group.placeAsking = places++;
      byTime.add(group);
    }
  }

  void remove(GroupLedger group) {
    if (group.isAsking) {
      byTime.remove(group);
      group.isAsking = false;
    }
  }

  /** When one may be asked next; {@code Long.MAX_VALUE} when there is none. */
  long nextTick() {
    return byTime.isEmpty() ? Long.MAX_VALUE : byTime.first().nextAskTick;
  }

  /** Takes out the first one that may be asked by this time; null when there is none. */
  @Nullable
  GroupLedger poll(long tick) {
    if (nextTick() > tick) {
      return null;
    }
    GroupLedger first = byTime.first();
    remove(first);
    return first;
  }
}
