package io.escrowmq.client.member;

import io.escrowmq.client.TopicQueue;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shares a topic's queues out among the members of a group: contiguous ranges, the first ones longer by
 * one where it does not come out even. RocketMQ's clients do the same by default, so that a group may
 * have members of both kinds. Pure.
 */
final class Allocation {

  private Allocation() {}

  /** The queues of one member; none when it is not among the members. */
  static Set<TopicQueue> of(Iterable<TopicQueue> queues, Iterable<String> members, String member) {
    List<TopicQueue> all = List.copyOf(sorted(queues));
    List<String> ids = List.copyOf(sorted(members));
    int index = ids.indexOf(member);
    if (index < 0) {
      return Set.of();
    }
    int each = all.size() / ids.size();
    int longer = all.size() % ids.size();
    int start = index * each + Math.min(index, longer);
    return Set.copyOf(all.subList(start, start + each + (index < longer ? 1 : 0)));
  }

  private static <T extends Comparable<T>> Set<T> sorted(Iterable<T> items) {
    Set<T> sorted = new TreeSet<>();
    items.forEach(sorted::add);
    return sorted;
  }
}
