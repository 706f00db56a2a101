package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueEntries;
import java.util.Set;

/** Consumers ask where they stand, and say how far they are. Runs on event loops. */
final class OffsetHandler {

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

  OffsetHandler(
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

  /** QUERY_CONSUMER_OFFSET. */
  void query(Call call, QueryConsumerOffsetHeader header) {
    long offset = offsets.find(header.consumerGroup(), header.topic(), header.queueId());
    if (offset >= 0) {
      call.reply(Reply.ok(new OffsetResponseHeader(offset)));
      return;
    }
    long beginning = header.setZeroIfNotFound()
        ? beginning(header.topic(), header.queueId())
        : ConsumerOffsets.NONE;
    if (beginning != ConsumerOffsets.NONE) {
      call.reply(Reply.ok(new OffsetResponseHeader(beginning)));
    } else {
      call.reply(Reply.refused(
          ResponseCode.QUERY_NOT_FOUND,
          "the group " + header.consumerGroup() + " has no offset on queue " + header.queueId()
              + " of " + header.topic()));
    }
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

  private long end(String topic, int queueId) {
    ConsumeQueue queue = queues.find(topic, queueId);
    return queue == null ? 0 : queue.maxOffset();
  }

  /** UPDATE_CONSUMER_OFFSET. */
  void update(Call call, UpdateConsumerOffsetHeader header) {
    Topic topic = topics.find(header.topic());
    if (groups.find(header.consumerGroup()) == null) {
      call.reply(Reply.refused(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
          GroupCreation.refusal(header.consumerGroup())));
    } else if (topic == null) {
      call.reply(Reply.refused(
          ResponseCode.TOPIC_NOT_EXIST, "the topic " + header.topic() + " does not exist"));
    } else if (header.queueId() < 0 || header.queueId() >= topic.queues()) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the topic " + topic.name() + " has " + topic.queues() + " queues; there is no queue "
              + header.queueId()));
    } else if (header.commitOffset() < 0) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER, "the offset " + header.commitOffset() + " is below 0"));
    } else if (header.commitOffset() > end(header.topic(), header.queueId())) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the offset " + header.commitOffset() + " is behind the end of queue " + header.queueId()
              + " of " + topic.name() + ", " + end(header.topic(), header.queueId())
              + ": the topic was made again, or the consumer has read what a failure took back"));
    } else {
      keep(call, header);
    }
  }

  private void keep(Call call, UpdateConsumerOffsetHeader header) {
    String full = offsets.refusal(header.consumerGroup(), header.topic(), Set.of(header.queueId()));
    if (full != null) {
      call.reply(Reply.refused(ResponseCode.SYSTEM_ERROR, full));
      return;
    }
    if (!isStale(call, header)) {
      offsets.report(
          header.consumerGroup(), header.topic(), header.queueId(), header.commitOffset());
    }
    call.reply(Reply.ok());
  }

  /** Whether the offset may be one of a topic of this name that was deleted. */
  private boolean isStale(Call call, UpdateConsumerOffsetHeader header) {
    if (deleted.isEmpty()) {
      return false;
    }
    String group = header.consumerGroup();
    Connection member = clients.isBroadcasting(group) ? call.connection() : null;
    return deleted.isStale(
        header.topic(), new DeletedTopics.Reader(group, header.queueId(), member));
  }
}
