package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Connection;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueEntries;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far consumers are, and where they begin, whatever protocol they speak. Any event loop. */
final class OffsetReports {

  /**
   * A queue is young while its first message is at most this far behind the log's end. A new group
   * on a young queue begins with its first message, so that what was sent a moment before the
   * consumer came is not skipped.
   */
  private static final long YOUNG_BYTES = 1L << 30;

  private static final int LOOKED_AT = 64; // entries, for the first one that has a message

  private final GroupCatalog groups;
  private final TopicCatalog topics;
  private final ConsumerOffsets offsets;
  private final DeletedTopics deleted;
  private final ClientRegistry clients;
  private final ConsumeQueues queues;
  private final CommitLog log;

  OffsetReports(
      GroupCatalog groups,
      TopicCatalog topics,
      ConsumerOffsets offsets,
      DeletedTopics deleted,
      ClientRegistry clients,
      ConsumeQueues queues,
      CommitLog log) {
    this.groups = groups;
    this.topics = topics;
    this.offsets = offsets;
    this.deleted = deleted;
    this.clients = clients;
    this.queues = queues;
    this.log = log;
  }

  /**
   * Where a group goes on.
   *
   * @param begins whether it wants to know where to begin if it has not read there yet
   * @throws RefusedException when it decides that itself
   */
  long find(String group, String topic, int queueId, boolean begins) {
    long recorded = offsets.find(group, topic, queueId);
    long offset = recorded < 0 && begins ? beginning(topic, queueId) : recorded;
    if (offset < 0) {
      throw new RefusedException(new Refusal.NoOffset(group, topic, queueId));
    }
    return offset;
  }

  /** Where a new group must begin, so that it skips nothing that is sent meanwhile; NONE: it decides. */
  private long beginning(String name, int queueId) {
    Topic topic = topics.find(name);
    if (topic == null || queueId < 0 || queueId >= topic.queues()) {
      return ConsumerOffsets.NONE;
    }
    ConsumeQueue queue = queues.find(name, queueId);
    if (queue == null) {
      return 0;
    }
    long end = queue.maxOffset(); // read once: what comes from now on lies behind it
    if (queue.minOffset() >= end) {
      return end; // an empty queue: it begins where it ends
    }
    return isYoung(queue) ? 0 : ConsumerOffsets.NONE;
  }

  private boolean isYoung(ConsumeQueue queue) {
    if (queue.minOffset() > 0) {
      return false;
    }
    QueueEntries entries = new QueueEntries(LOOKED_AT);
    int count = queue.read(0, entries);
    for (int i = 0; i < count; i++) {
      if (entries.hasMessage(i)) { // the first ones may be lost
        return log.visible() - entries.position(i) <= YOUNG_BYTES;
      }
    }
    return false;
  }

  /**
   * A group has read a queue up to here.
   *
   * @param by the connection of the member that says so
   * @return why that cannot be; null when it is kept
   */
  @Nullable
  Refusal report(Connection by, String group, String name, int queueId, long offset) {
    Topic topic = topics.find(name);
    if (groups.find(group) == null) {
      return new Refusal.GroupNotCreated(GroupCreation.refusal(group));
    }
    if (topic == null) {
      return new Refusal.NoSuchTopic(name);
    }
    if (queueId < 0 || queueId >= topic.queues()) {
      return new Refusal.NoSuchQueue(topic.name(), topic.queues(), queueId);
    }
    if (offset < 0) {
      return new Refusal.OffsetNegative(offset);
    }
    ConsumeQueue queue = queues.find(name, queueId);
    long end = queue == null ? 0 : queue.maxOffset();
    if (offset > end) {
      return new Refusal.OffsetBeyondEnd(offset, topic.name(), queueId, end);
    }
    String full = offsets.refusal(group, name, Set.of(queueId));
    if (full != null) {
      return new Refusal.NotKept(full);
    }
    if (!isStale(by, group, name, queueId)) {
      offsets.report(group, name, queueId, offset);
    }
    return null;
  }

  /** Whether the offset may be one of a topic of this name that was deleted. */
  private boolean isStale(Connection by, String group, String topic, int queueId) {
    if (deleted.isEmpty()) {
      return false;
    }
    Connection member = clients.isBroadcasting(group) ? by : null;
    return deleted.isStale(topic, new DeletedTopics.Reader(group, queueId, member));
  }
}
