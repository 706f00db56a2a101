package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.runtime.Ticker;
import java.util.List;

/** Which queues a consumer in order may lock. Any thread. */
final class LockRules {

  private static final int LONGEST_NAME = 255; // of client ids and groups

  private final QueueLocks locks;
  private final TopicCatalog topics;
  private final Ticker ticker;

  LockRules(QueueLocks locks, TopicCatalog topics, Ticker ticker) {
    this.locks = locks;
    this.topics = topics;
    this.ticker = ticker;
  }

  /**
   * Locks what is free; tells which of the queues the client has now. Queues that are not there stay free.
   *
   * @throws RefusedException when a name is too long
   */
  List<QueueLocks.Queue> lock(String group, String clientId, List<QueueLocks.Queue> wanted) {
    if (Math.max(clientId.length(), group.length()) > LONGEST_NAME) {
      throw new RefusedException(new Refusal.BadValue(
          "the client id has " + clientId.length() + " characters, its consumer group "
              + group.length() + ", at most " + LONGEST_NAME + " are allowed"));
    }
    long tick = ticker.millis();
    return wanted.stream()
        .filter(queue -> exists(queue) && locks.lock(group, queue, clientId, tick))
        .toList();
  }

  void unlock(String group, String clientId, List<QueueLocks.Queue> given) {
    given.forEach(queue -> locks.unlock(group, queue, clientId));
  }

  private boolean exists(QueueLocks.Queue queue) {
    Topic topic = topics.find(queue.topic());
    return topic != null && queue.queueId() >= 0 && queue.queueId() < topic.queues();
  }
}
