package io.escrowmq.broker.pull;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import org.jspecify.annotations.Nullable;

/**
 * Where a queue begins and ends, and which offset belongs to a time. Questions throw {@link RefusedException}. Any
 * thread.
 */
final class OffsetQueries {

  private final TopicCatalog topics;
  private final ConsumeQueues queues;

  OffsetQueries(TopicCatalog topics, ConsumeQueues queues) {
    this.topics = topics;
    this.queues = queues;
  }

  long max(String topic, int queueId) {
    ConsumeQueue queue = queue(topic, queueId);
    return queue == null ? 0 : queue.maxOffset();
  }

  long min(String topic, int queueId) {
    ConsumeQueue queue = queue(topic, queueId);
    return queue == null ? 0 : queue.minOffset();
  }

  /** The first offset that is not older than the time. */
  long atOrAfter(String topic, int queueId, long millis) {
    ConsumeQueue queue = queue(topic, queueId);
    return queue == null ? 0 : queue.offsetAtOrAfter(millis);
  }

  /** The last offset that is not newer than the time. */
  long atOrBefore(String topic, int queueId, long millis) {
    ConsumeQueue queue = queue(topic, queueId);
    return queue == null ? 0 : queue.offsetAtOrBefore(millis);
  }

  /** The store time of the first message; -1 when there is none. */
  long earliestMillis(String topic, int queueId) {
    ConsumeQueue queue = queue(topic, queueId);
    return queue == null ? -1 : queue.timeOf(queue.minOffset());
  }

  /** Null when nothing was ever in it. */
  private @Nullable ConsumeQueue queue(String name, int queueId) {
    Topic topic = topics.find(name);
    if (topic == null) {
      throw new RefusedException(new Refusal.NoSuchTopic(name));
    }
    if (queueId < 0 || queueId >= topic.queues()) {
      throw new RefusedException(new Refusal.NoSuchQueue(name, topic.queues(), queueId));
    }
    return queues.find(name, queueId);
  }
}
