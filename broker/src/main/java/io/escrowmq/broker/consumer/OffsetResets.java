package io.escrowmq.broker.consumer;

import io.escrowmq.broker.consumer.OffsetRecords.Line;
import io.escrowmq.broker.core.AllOrNone;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Offsets that an operator sets, whatever protocol he speaks. Log loop only. */
final class OffsetResets {

  /**
   * Where a group is to go on.
   *
   * @param queueId below 0: on all queues
   * @param offset below 0: the first one from the time on
   * @param timestamp below 0: the queue's end
   */
  record Wish(String group, String topic, int queueId, long offset, long timestamp) {}

  private final GroupCatalog groups;
  private final TopicCatalog topics;
  private final ConsumerOffsets offsets;
  private final ConsumeQueues queues;

  OffsetResets(
      GroupCatalog groups, TopicCatalog topics, ConsumerOffsets offsets, ConsumeQueues queues) {
    this.groups = groups;
    this.topics = topics;
    this.offsets = offsets;
    this.queues = queues;
  }

  /**
   * Sets the offsets. They count at once, and each queue's next pull is sent there.
   *
   * @return queue id to offset
   * @throws RefusedException when not all of them can be set, and then none is
   */
  Map<Integer, Long> set(Recorder recorder, Wish wish) {
    Topic topic = topics.find(wish.topic());
    if (topic == null) {
      throw new RefusedException(new Refusal.NoSuchTopic(wish.topic()));
    }
    if (groups.find(wish.group()) == null) {
      throw new RefusedException(new Refusal.GroupNotCreated(GroupCreation.refusal(wish.group())));
    }
    checkQueue(topic, wish);
    Map<Integer, Long> targets = targets(topic, wish);
    String full = offsets.refusal(wish.group(), wish.topic(), targets.keySet());
    if (full != null) {
      throw new RefusedException(new Refusal.NotKept(full));
    }
    Refusal noRoom = record(recorder, wish.group(), wish.topic(), targets);
    if (noRoom != null) {
      throw new RefusedException(noRoom);
    }
    return targets;
  }

  private void checkQueue(Topic topic, Wish wish) {
    int queueId = wish.queueId();
    if (queueId >= topic.queues()) {
      throw new RefusedException(new Refusal.NoQueueToSet(topic.name(), topic.queues(), queueId));
    }
    if (queueId >= 0 && wish.offset() >= 0) {
      ConsumeQueue queue = queues.find(topic.name(), queueId);
      long first = queue == null ? 0 : queue.minOffset();
      long end = queue == null ? 0 : queue.maxOffset();
      if (wish.offset() < first || wish.offset() > end + 1) {
        throw new RefusedException(
            new Refusal.OffsetOutside(wish.offset(), topic.name(), queueId, first, end));
      }
    }
  }

  private Map<Integer, Long> targets(Topic topic, Wish wish) {
    int queueId = wish.queueId();
    if (queueId >= 0) {
      long offset = wish.offset() >= 0
          ? Math.min(
              wish.offset(), offsetAt(topic, queueId, -1)) // one behind the end means the end
          : offsetAt(topic, queueId, wish.timestamp());
      return Map.of(queueId, offset);
    }
    Map<Integer, Long> targets = new TreeMap<>();
    for (int id = 0; id < topic.readQueues(); id++) {
      targets.put(id, offsetAt(topic, id, wish.timestamp()));
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

  // Why there is no room for all of them, even with the log's reserve; null when they are recorded.
  static @Nullable Refusal record(
      Recorder recorder, String group, String topic, Map<Integer, Long> targets) {
    AllOrNone records =
        AllOrNone.withReserve(recorder, RecordKind.CONSUMER_OFFSETS, OffsetRecords.RESETS);
    for (Line line : Line.of(group, topic, targets)) {
      Refusal refusal = records.add(OffsetRecords.write(List.of(line)));
      if (refusal != null) {
        return refusal;
      }
    }
    records.record();
    return null;
  }

  /**
   * Has another group go on where one stands, on one topic or on all.
   *
   * @param topic null for all
   * @throws RefusedException when not all can be copied, and then none is
   */
  void copy(Recorder recorder, String from, String to, @Nullable String topic) {
    if (groups.find(to) == null) {
      throw new RefusedException(new Refusal.GroupNotCreated(GroupCreation.refusal(to)));
    }
    List<String> copied = (topic == null ? offsets.topicsOf(from) : Set.of(topic))
        .stream().filter(name -> topics.find(name) != null).toList();
    Refusal refusal = new OffsetCopy(offsets, from, to).record(recorder, copied);
    if (refusal != null) {
      throw new RefusedException(refusal);
    }
  }
}
