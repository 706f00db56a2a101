package io.escrowmq.broker.consumer;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.QueueEntries;

/** Consumers ask where they stand, and say how far they are. Runs on event loops. */
final class OffsetHandler {

  /**
   * A queue is young while its first message is at most this far behind the log's end. A new group
   * on a young queue begins with its first message, so that what was sent a moment before the
   * consumer came is not skipped.
   */
  private static final long YOUNG_BYTES = 1L << 30;

  private final GroupCatalog groups;
  private final TopicCatalog topics;
  private final ConsumerOffsets offsets;
  private final ConsumeQueues queues;
  private final CommitLog log;

  OffsetHandler(
      GroupCatalog groups,
      TopicCatalog topics,
      ConsumerOffsets offsets,
      ConsumeQueues queues,
      CommitLog log) {
    this.groups = groups;
    this.topics = topics;
    this.offsets = offsets;
    this.queues = queues;
    this.log = log;
  }

  /** QUERY_CONSUMER_OFFSET. */
  void query(Call call, QueryConsumerOffsetHeader header) {
    long offset = offsets.find(header.consumerGroup(), header.topic(), header.queueId());
    if (offset >= 0) {
      call.reply(Reply.ok(new OffsetResponseHeader(offset)));
    } else if (header.setZeroIfNotFound() && isYoung(header.topic(), header.queueId())) {
      call.reply(Reply.ok(new OffsetResponseHeader(0)));
    } else {
      call.reply(Reply.refused(
          ResponseCode.QUERY_NOT_FOUND,
          "the group " + header.consumerGroup() + " has no offset on queue " + header.queueId()
              + " of " + header.topic()));
    }
  }

  private boolean isYoung(String topic, int queueId) {
    ConsumeQueue queue = queues.find(topic, queueId);
    if (queue == null || queue.minOffset() > 0) {
      return false;
    }
    QueueEntries first = new QueueEntries(1);
    return queue.read(0, first) == 1 && log.written() - first.position(0) <= YOUNG_BYTES;
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
      offsets.report(
          header.consumerGroup(), header.topic(), header.queueId(), header.commitOffset());
      call.reply(Reply.ok());
    }
  }
}
