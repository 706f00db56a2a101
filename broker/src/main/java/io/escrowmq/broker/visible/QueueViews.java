package io.escrowmq.broker.visible;

import io.escrowmq.broker.refusal.Refusal;
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
  private final KeySink keys;
  private final NewestTime newest;
  private @Nullable String seededTopic; // of the message before: the next one is often of the same
  private long seed;

  public QueueViews(ConsumeQueues queues, KeyIndex keys, NewestTime newest) {
    this.queues = queues;
    this.keys = keys::add;
    this.newest = newest;
  }

  /** Why no message may be sent to any queue now; null when it may. Log loop only. */
  public @Nullable Refusal refusal() {
    return queues.isOverfull() ? new Refusal.QueuesNotWritten(queues.tailBytes()) : null;
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
      if (positions[i] < 0) {
        return null;
      }
    }
    return positions;
  }

  public void applyMessage(LogRecord record, MessageView message) {
    String topic = message.topic();
    ConsumeQueue queue =
        expecting(message.queueOffset(), topic, message.queueId(), record.position());
    long now = message.storeTimestamp();
    FoundBy foundBy = FoundBy.of(seedOf(topic), message);
    queue.append(record.position(), record.recordLength(), foundBy.tagCode(), now);
    for (long hash : foundBy.keyHashes()) {
      keys.add(hash, record.position(), now);
    }
  }

  /** The keys that a MESSAGE record is found by. */
  public static void keysOf(LogRecord record, MessageView message, KeySink into) {
    for (long hash : FoundBy.of(message.topic(), message).keyHashes()) {
      into.add(hash, record.position(), message.storeTimestamp());
    }
  }

  private ConsumeQueue expecting(long queueOffset, String topic, int queueId, long position) {
    ConsumeQueue queue = queues.obtain(topic, queueId);
    if (queue.tail() != queueOffset) {
      throw new IllegalStateException(
          "the record at " + position + " has a message with queue offset " + queueOffset + ", but "
              + topic + "/" + queueId + " goes on at " + queue.tail());
    }
    return queue;
  }

  private long seedOf(String topic) {
    if (!topic.equals(seededTopic)) {
      seed = KeyIndex.seed(topic);
      seededTopic = topic;
    }
    return seed;
  }

  /**
   * Releases a message from escrow. It is found by its keys through the record that released it:
   * that one tells its queue offset, and since when it is visible.
   *
   * @param releasedAt the position of the record that the release stands in
   */
  public void release(Release release, long releasedAt) {
    expecting(release.queueOffset(), release.topic(), release.queueId(), releasedAt)
        .append(
            release.position(), release.recordLength(), release.tagCode(), release.timeMillis());
    release.keysOf(releasedAt, keys);
    newest.saw(release.timeMillis());
  }

  /** The tag code that a message has in its queue. */
  public static int tagCode(MessageView message) {
    return FoundBy.of(message.topic(), message).tagCode();
  }

  public void deleteTopic(String topic) {
    queues.delete(topic);
  }
}
