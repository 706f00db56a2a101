package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.QueueViews;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives out the next places in queues to messages that one record releases: its views know of none of
 * them before it is applied. Owner: the log loop; used once.
 */
final class QueueEnds {

  private record Queue(String topic, int id) {}

  private final QueueViews queues;
  private final Map<Queue, Long> ends = new HashMap<>(4);

  QueueEnds(QueueViews queues) {
    this.queues = queues;
  }

  /** The next queue offset of a queue. */
  long take(String topic, int queueId) {
    Queue queue = new Queue(topic, queueId);
    Long known = ends.get(queue);
    long next = known == null ? queues.tail(topic, queueId) : known;
    ends.put(queue, next + 1);
    return next;
  }
}
