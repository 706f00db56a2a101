package io.escrowmq.broker.consumer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How far groups are on a topic, beside each other. */
final class OffsetComparison {

  private OffsetComparison() {}

  /**
   * Per queue the lowest offset of all groups on the topic but those that are left out; the highest number
   * there is where the compared group is further back than that.
   */
  static Map<Integer, Long> lowest(
      ConsumerOffsets offsets, String topic, String compared, List<String> leftOut) {
    Set<String> groups = offsets.groupsOn(topic);
    leftOut.forEach(groups::remove);
    Map<Integer, Long> lowest = new TreeMap<>();
    for (String group : groups) {
      offsets
          .all(group, topic)
          .forEach((queueId, offset) -> lowest.merge(queueId, offset, Math::min));
    }
    offsets
        .all(compared, topic)
        .forEach((queueId, offset) ->
            lowest.computeIfPresent(queueId, (id, low) -> low > offset ? Long.MAX_VALUE : low));
    return lowest;
  }
}
