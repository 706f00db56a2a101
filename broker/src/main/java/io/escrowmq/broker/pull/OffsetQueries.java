package io.escrowmq.broker.pull;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.QueueHeader;
import io.escrowmq.remoting.header.SearchOffsetHeader;
import io.escrowmq.remoting.header.TimestampResponseHeader;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.util.function.ToLongFunction;

/** Where a queue begins and ends, and which offset belongs to a time. Any event loop. */
public final class OffsetQueries {

  private final TopicCatalog topics;
  private final ConsumeQueues queues;

  public OffsetQueries(TopicCatalog topics, ConsumeQueues queues) {
    this.topics = topics;
    this.queues = queues;
  }

  public void max(Call call, QueueHeader header) {
    answer(call, header.topic(), header.queueId(), ConsumeQueue::maxOffset);
  }

  public void min(Call call, QueueHeader header) {
    answer(call, header.topic(), header.queueId(), ConsumeQueue::minOffset);
  }

  /** LOWER (the default): the first offset not older than the time; UPPER: the last not newer. */
  public void byTime(Call call, SearchOffsetHeader header) {
    boolean upper = "UPPER".equalsIgnoreCase(header.boundaryType());
    answer(
        call,
        header.topic(),
        header.queueId(),
        queue -> upper
            ? queue.offsetAtOrBefore(header.timestamp())
            : queue.offsetAtOrAfter(header.timestamp()));
  }

  /** The store time of the first message; -1 when there is none. */
  public void earliestTime(Call call, QueueHeader header) {
    if (isKnown(call, header.topic(), header.queueId())) {
      ConsumeQueue queue = queues.find(header.topic(), header.queueId());
      long time = queue == null ? -1 : queue.timeOf(queue.minOffset());
      call.reply(Reply.ok(new TimestampResponseHeader(time)));
    }
  }

  private void answer(Call call, String topic, int queueId, ToLongFunction<ConsumeQueue> question) {
    if (isKnown(call, topic, queueId)) {
      ConsumeQueue queue = queues.find(topic, queueId);
      long offset = queue == null ? 0 : question.applyAsLong(queue);
      call.reply(Reply.ok(new OffsetResponseHeader(offset)));
    }
  }

  private boolean isKnown(Call call, String name, int queueId) {
    Topic topic = topics.find(name);
    if (topic == null) {
      call.reply(
          Reply.refused(ResponseCode.TOPIC_NOT_EXIST, "the topic " + name + " does not exist"));
      return false;
    }
    if (queueId < 0 || queueId >= topic.queues()) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the topic " + name + " has " + topic.queues() + " queues; there is no queue "
              + queueId));
      return false;
    }
    return true;
  }
}
