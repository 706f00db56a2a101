package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.CallProposal;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.OffsetTable;
import io.escrowmq.remoting.body.QueueNumbers;
import io.escrowmq.remoting.body.ResetOffsets;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.CloneOffsetHeader;
import io.escrowmq.remoting.header.CorrectionOffsetHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operators set, copy and compare groups' offsets. Any event loop. */
final class OffsetAdminHandler {

  private final GroupCatalog groups;
  private final TopicCatalog topics;
  private final ConsumerOffsets offsets;
  private final ConsumeQueues queues;
  private final LogLoop loop;
  private final String brokerName;

  OffsetAdminHandler(
      GroupCatalog groups,
      TopicCatalog topics,
      ConsumerOffsets offsets,
      ConsumeQueues queues,
      LogLoop loop,
      String brokerName) {
    this.groups = groups;
    this.topics = topics;
    this.offsets = offsets;
    this.queues = queues;
    this.loop = loop;
    this.brokerName = brokerName;
  }

  /**
   * INVOKE_BROKER_TO_RESET_OFFSET. The offsets are set here; consumers find out with their next pull.
   * So it works for consumers that are not online, too.
   */
  void reset(Call call, ResetOffsetHeader header) {
    new CallProposal(call, recorder -> reset(recorder, header), () -> {}).offerTo(loop);
  }

  private Reply reset(Recorder recorder, ResetOffsetHeader header) {
    Topic topic = topics.find(header.topic());
    if (topic == null) {
      return Reply.refused(
          ResponseCode.TOPIC_NOT_EXIST, "the topic " + header.topic() + " does not exist");
    }
    if (groups.find(header.group()) == null) {
      return Reply.refused(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, GroupCreation.refusal(header.group()));
    }
    String refusal = refusal(topic, header);
    if (refusal != null) {
      return Reply.refused(ResponseCode.SYSTEM_ERROR, refusal);
    }
    Map<Integer, Long> targets = targets(topic, header);
    String full = offsets.refusal(header.group(), header.topic(), targets.keySet());
    if (full != null) {
      return Reply.refused(ResponseCode.SYSTEM_ERROR, full);
    }
    Reply noRoom = OffsetResets.record(recorder, header.group(), header.topic(), targets);
    if (noRoom != null) {
      return noRoom;
    }
    Map<MessageQueue, Long> told = new LinkedHashMap<>();
    targets.forEach((queueId, offset) ->
        told.put(new MessageQueue(header.topic(), brokerName, queueId), offset));
    return Reply.ok(new ResetOffsets(told).toBytes());
  }

  private @Nullable String refusal(Topic topic, ResetOffsetHeader header) {
    int queueId = header.queueId();
    if (queueId >= topic.queues()) {
      return "the topic " + topic.name() + " has " + topic.queues() + " queues; there is no queue "
          + queueId;
    }
    if (queueId >= 0 && header.offset() >= 0) {
      ConsumeQueue queue = queues.find(topic.name(), queueId);
      long min = queue == null ? 0 : queue.minOffset();
      long max = queue == null ? 0 : queue.maxOffset();
      if (header.offset() < min || header.offset() > max + 1) {
        return "the offset " + header.offset() + " lies outside of queue " + queueId + " of "
            + topic.name() + ", which holds " + min + " to " + max;
      }
    }
    return null;
  }

  private Map<Integer, Long> targets(Topic topic, ResetOffsetHeader header) {
    int queueId = header.queueId();
    if (queueId >= 0) {
      long wanted = header.offset();
      long offset = wanted >= 0
          ? Math.min(
              wanted, offsetAt(topic, queueId, -1)) // one behind the end is allowed, and means it
          : offsetAt(topic, queueId, header.timestamp());
      return Map.of(queueId, offset);
    }
    Map<Integer, Long> targets = new TreeMap<>();
    for (int id = 0; id < topic.readQueues(); id++) {
      targets.put(id, offsetAt(topic, id, header.timestamp()));
    }
    return targets;
  }

  /** The first offset from this time on; the queue's end for a negative one. */
  private long offsetAt(Topic topic, int queueId, long timestamp) {
    ConsumeQueue queue = queues.find(topic.name(), queueId);
    if (queue == null) {
      return 0;
    }
    return timestamp < 0 ? queue.maxOffset() : queue.offsetAtOrAfter(timestamp);
  }

  /** CLONE_GROUP_OFFSET: another group goes on where this one stands, on all topics or none. */
  void cloneOffsets(Call call, CloneOffsetHeader header) {
    new CallProposal(call, recorder -> cloneOffsets(recorder, header), () -> {}).offerTo(loop);
  }

  private Reply cloneOffsets(Recorder recorder, CloneOffsetHeader header) {
    if (groups.find(header.toGroup()) == null) {
      return Reply.refused(
          ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, GroupCreation.refusal(header.toGroup()));
    }
    String topic = header.topic();
    Set<String> cloned =
        topic == null || topic.isBlank() ? offsets.topicsOf(header.fromGroup()) : Set.of(topic);
    Reply refusal = new OffsetCopy(offsets, header.fromGroup(), header.toGroup())
        .record(
            recorder, cloned.stream().filter(name -> topics.find(name) != null).toList());
    return refusal == null ? Reply.ok() : refusal;
  }

  /** GET_ALL_CONSUMER_OFFSET. */
  void all(Call call, Fields none) {
    call.reply(Reply.ok(new OffsetTable(offsets.byTopicAtGroup()).toBytes()));
  }

  /**
   * QUERY_CORRECTION_OFFSET: per queue the lowest offset of all groups on the topic but the filtered
   * ones; the highest number there is where the compared group is further back than that.
   */
  void correction(Call call, CorrectionOffsetHeader header) {
    Set<String> left = offsets.groupsOn(header.topic());
    String filtered = header.filterGroups();
    if (filtered != null) {
      List.of(filtered.split(",")).forEach(left::remove);
    }
    Map<Integer, Long> lowest = new TreeMap<>();
    for (String group : left) {
      offsets
          .all(group, header.topic())
          .forEach((queueId, offset) -> lowest.merge(queueId, offset, Math::min));
    }
    offsets
        .all(header.compareGroup(), header.topic())
        .forEach((queueId, offset) ->
            lowest.computeIfPresent(queueId, (id, low) -> low > offset ? Long.MAX_VALUE : low));
    call.reply(Reply.ok(new QueueNumbers("correctionOffsets", lowest).toBytes()));
  }
}
