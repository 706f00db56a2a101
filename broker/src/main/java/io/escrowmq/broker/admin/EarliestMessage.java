package io.escrowmq.broker.admin;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;

/**
 * When the oldest message was stored that is still visible. Looks at every queue, therefore not more
 * often than once a minute. Guarded by itself.
 */
final class EarliestMessage {

  private static final long NONE = -1;
  private static final long VALID_MILLIS = 60_000;

  private final TopicCatalog topics;
  private final ConsumeQueues queues;
  private long lookedMillis;
  private long found = NONE;

  EarliestMessage(TopicCatalog topics, ConsumeQueues queues) {
    this.topics = topics;
    this.queues = queues;
  }

  /** Milliseconds since 1970; -1 when there is no message. */
  synchronized long storeMillis(long nowMillis) {
    if (found == NONE || nowMillis - lookedMillis >= VALID_MILLIS) {
      found = look();
      lookedMillis = nowMillis;
    }
    return found;
  }

  private long look() {
    long earliest = Long.MAX_VALUE;
    for (Topic topic : topics.all()) {
      for (int id = 0; id < topic.queues(); id++) {
        ConsumeQueue queue = queues.find(topic.name(), id);
        long time = queue == null ? NONE : queue.timeOf(queue.minOffset());
        if (time != NONE) {
          earliest = Math.min(earliest, time);
        }
      }
    }
    return earliest == Long.MAX_VALUE ? NONE : earliest;
  }
}
