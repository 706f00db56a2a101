package io.escrowmq.broker.tx;

import io.escrowmq.broker.visible.QueueViews;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the next places in queues to messages that one record releases: its views know of none of
 * them before it is applied. Owner: the log loop; used once.
 */
final class QueueEnds {

  private record Queue(String topic, int id) {}

  private final QueueViews queues;
  private @Nullable Queue last; // most records release for one queue, and need no map
  private long end; // of the last one
  private @Nullable Map<Queue, Long> others;

  QueueEnds(QueueViews queues) {
    this.queues = queues;
  }

  /** The next queue offset of a queue. */
  long take(String topic, int queueId) {
    Queue before = last;
    if (before == null || before.id != queueId || !before.topic.equals(topic)) {
      turnTo(new Queue(topic, queueId));
    }
    return end++;
  }

  private void turnTo(Queue queue) {
    Long known = null;
    if (last != null) {
      others = others == null ? new HashMap<>() : others;
      others.put(last, end);
      known = others.get(queue);
    }
    last = queue;
    end = known == null ? queues.tail(queue.topic, queue.id) : known;
  }
}
