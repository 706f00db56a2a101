package io.escrowmq.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What messages of a damaged log say of their topics: that these were there, and since when at least. What was sent to a topic
 * of the same name before that was deleted says nothing, if the log still has the deletion. Used once, by {@link
 * Salvage}.
 */
final class TopicEvidence {

  /**
   * A topic that messages were sent to.
   *
   * @param since where the first of them lies
   * @param queues how many it had at least
   */
  record Seen(long since, int queues) {}

  private final Map<String, Seen> seen = new TreeMap<>();
  private final Map<String, Long> deleted = new HashMap<>(); // where; the last time
  private long knownBefore;

  /** A state file knows all topics of what lies before a position. */
  void knownBefore(long position) {
    knownBefore = position;
  }

  /** @param first where the message was first recorded */
  void sent(String topic, int queueId, long first) {
    if (first >= knownBefore && first > deleted.getOrDefault(topic, -1L)) {
      seen.merge(
          topic,
          new Seen(first, queueId + 1),
          (one, other) ->
              new Seen(Math.min(one.since, other.since), Math.max(one.queues, other.queues)));
    }
  }

  void deleted(String topic, long position) {
    deleted.put(topic, position);
    seen.remove(topic);
  }

  /** By name. */
  Map<String, Seen> seen() {
    return seen;
  }
}
