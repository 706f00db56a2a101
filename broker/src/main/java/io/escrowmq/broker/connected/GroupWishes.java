package io.escrowmq.broker.connected;

import io.escrowmq.remoting.Connection;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the members of one group want of each topic, and who said so. The newest subscription counts;
 * versions come from the clocks of the members, so one whose clock is ahead outvotes the others, but not
 * after it has left: then the newest of the others counts at once.
 *
 * <p>Kept are the newest of each topic and the newest of another member, and no more, so the size does not
 * depend on the number of members. Owner: {@link ClientRegistry}, under its lock.
 */
final class GroupWishes {

  /** @param by null when the member has left, and nobody else had said anything yet */
  private record Wish(Subscription subscription, @Nullable Connection by) {

    boolean isOlderThan(Subscription other) {
      return by == null || subscription.version() < other.version();
    }
  }

  private record Wishes(Wish newest, @Nullable Wish next) {}

  private Map<String, Wishes> byTopic = new HashMap<>();
  private Map<String, Subscription> inForce = Map.of();

  /** What counts now, by topic. Immutable; the same object as long as nothing changes. */
  Map<String, Subscription> inForce() {
    return inForce;
  }

  /** A member says all that it wants; topics that it does not name are no longer the group's. */
  void hear(Connection by, Collection<Subscription> all) {
    Map<String, Wishes> heard = new HashMap<>();
    for (Subscription one : all) {
      heard.put(one.topic(), with(byTopic.get(one.topic()), new Wish(one, by)));
    }
    byTopic = heard;
    refresh();
  }

  private static Wishes with(@Nullable Wishes before, Wish heard) {
    if (before == null) {
      return new Wishes(heard, null);
    }
    Wish newest = before.newest();
    Wish next = before.next();
    boolean isOwn = newest.by() == heard.by();
    if (newest.isOlderThan(heard.subscription())) {
      return new Wishes(heard, isOwn || newest.by() == null ? others(next, heard) : newest);
    }
    boolean isNext = !isOwn && (next == null || next.isOlderThan(heard.subscription()));
    return isNext ? new Wishes(newest, heard) : before;
  }

  private static @Nullable Wish others(@Nullable Wish next, Wish heard) {
    return next == null || next.by() == heard.by() ? null : next;
  }

  /** A member has left. */
  void leave(Connection by) {
    byTopic.replaceAll((topic, wishes) -> without(wishes, by));
    refresh();
  }

  private static Wishes without(Wishes wishes, Connection by) {
    Wish next = wishes.next() != null && wishes.next().by() == by ? null : wishes.next();
    if (wishes.newest().by() != by) {
      return new Wishes(wishes.newest(), next);
    }
    return next != null
        ? new Wishes(next, null)
        : new Wishes(new Wish(wishes.newest().subscription(), null), null);
  }

  /** The same once more, to hear something on trial. */
  GroupWishes copy() {
    GroupWishes copy = new GroupWishes();
    copy.byTopic = new HashMap<>(byTopic);
    copy.inForce = inForce;
    return copy;
  }

  /** About how much memory the subscriptions take that are kept. */
  long heldBytes() {
    long bytes = 0;
    for (Wishes one : byTopic.values()) {
      bytes += one.newest().subscription().heldBytes();
      bytes += one.next() == null ? 0 : one.next().subscription().heldBytes();
    }
    return bytes;
  }

  private void refresh() {
    Map<String, Subscription> now = new HashMap<>();
    byTopic.forEach((topic, wishes) -> now.put(topic, wishes.newest().subscription()));
    if (!now.equals(inForce)) {
      inForce = Map.copyOf(now);
    }
  }
}
