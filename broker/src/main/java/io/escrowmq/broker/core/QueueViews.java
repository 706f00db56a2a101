package io.escrowmq.broker.core;

import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages visible: an entry in their queue, and their keys in the index. Owner: the log loop.
 *
 * <p>That a message is visible follows from its record, or from the record that released it, and
 * from nothing else; so a restart finds the same queues.
 */
public final class QueueViews {

  private final ConsumeQueues queues;
  private final KeyIndex keys;
  private @Nullable String seededTopic; // of the message before: the next one is often of the same
  private long seed;

  public QueueViews(ConsumeQueues queues, KeyIndex keys) {
    this.queues = queues;
    this.keys = keys;
  }

  /** The next queue offset of a queue: what a message recorded now would get. Log loop only. */
  public long tail(String topic, int queueId) {
    ConsumeQueue queue = queues.find(topic, queueId);
    return queue == null ? 0 : queue.tail();
  }

  /**
   * Where messages lie that follow each other in a queue, seen or not; null when one of them is not
   * there. Log loop only.
   */
  public long @Nullable [] positions(String topic, int queueId, long queueOffset, int messages) {
    ConsumeQueue queue = queues.find(topic, queueId);
    if (queue == null || queueOffset < queue.minOffset() || queueOffset + messages > queue.tail()) {
      return null;
    }
    long[] positions = new long[messages];
    for (int i = 0; i < messages; i++) {
      positions[i] = queue.positionAt(queueOffset + i);
    }
    return positions;
  }

  public void applyMessage(LogRecord record, MessageView message) {
    String topic = message.topic();
    ConsumeQueue queue = queues.obtain(topic, message.queueId());
    if (queue.tail() != message.queueOffset()) {
      throw new IllegalStateException(
          "the message at " + record.position() + " has queue offset " + message.queueOffset()
              + ", but " + topic + "/" + message.queueId() + " goes on at " + queue.tail());
    }
    long now = message.storeTimestamp();
    FoundBy foundBy = FoundBy.of(seedOf(topic), message);
    queue.append(record.position(), record.recordLength(), foundBy.tagCode(), now);
    for (long hash : foundBy.keyHashes()) {
      keys.add(hash, record.position(), now);
    }
  }

  private long seedOf(String topic) {
    if (!topic.equals(seededTopic)) {
      seed = KeyIndex.seed(topic);
      seededTopic = topic;
    }
    return seed;
  }

  /** Releases a message from escrow. */
  public void release(Release release) {
    queues
        .obtain(release.topic(), release.queueId())
        .append(
            release.position(), release.recordLength(), release.tagCode(), release.timeMillis());
    for (long hash : release.keyHashes()) {
      keys.add(hash, release.position(), release.timeMillis());
    }
  }

  public void deleteTopic(String topic) {
    queues.delete(topic);
  }
}
