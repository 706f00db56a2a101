package io.escrowmq.broker.consumer;

import io.escrowmq.broker.consumer.OffsetRecords.Line;
import io.escrowmq.broker.core.AllOrNone;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.store.RecordKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Another group goes on where one stands, on some topics: on all of them or on none. Where an
 * operator has set the other group's offset and it has not pulled since, it stays so. Log loop only.
 */
final class OffsetCopy {

  private final ConsumerOffsets offsets;
  private final String from;
  private final String to;

  OffsetCopy(ConsumerOffsets offsets, String from, String to) {
    this.offsets = offsets;
    this.from = from;
    this.to = to;
  }

  /** Records the offsets, which count at once. Answers why it cannot, and then none is changed. */
  @Nullable
  Refusal record(Recorder recorder, Collection<String> topics) {
    Refusal tooMuch = refusal(topics);
    if (tooMuch != null) {
      return tooMuch;
    }
    Map<String, Map<Integer, Long>> changes = changes(topics);
    Refusal noRoom = record(recorder, changes);
    if (noRoom == null) {
      // a consumer's own report of a moment before counts no more
      changes.forEach((topic, changed) ->
          changed.forEach((queueId, offset) -> offsets.report(to, topic, queueId, offset)));
    }
    return noRoom;
  }

  private @Nullable Refusal refusal(Collection<String> topics) {
    long newPlaces = 0;
    for (String topic : topics) {
      newPlaces += offsets.newPlaces(to, topic, offsets.all(from, topic).keySet());
      String refusal = offsets.refusal(newPlaces);
      if (refusal != null) {
        return new Refusal.NotKept("topic " + topic + ": " + refusal);
      }
    }
    return null;
  }

  private Map<String, Map<Integer, Long>> changes(Collection<String> topics) {
    Map<String, Map<Integer, Long>> changes = new TreeMap<>();
    for (String topic : topics) {
      Map<Integer, Long> changed = new TreeMap<>(offsets.all(from, topic));
      changed
          .entrySet()
          .removeIf(entry -> offsets.isSettled(to, topic, entry.getKey(), entry.getValue()));
      changes.put(topic, changed);
    }
    return changes;
  }

  private @Nullable Refusal record(Recorder recorder, Map<String, Map<Integer, Long>> changes) {
    AllOrNone records =
        AllOrNone.withReserve(recorder, RecordKind.CONSUMER_OFFSETS, OffsetRecords.REPORTS);
    List<Line> lines = new ArrayList<>();
    int bytes = 0;
    for (Map.Entry<String, Map<Integer, Long>> topic : changes.entrySet()) {
      for (Line line : Line.of(to, topic.getKey(), topic.getValue())) {
        lines.add(line);
        bytes += line.bytes();
        if (bytes >= OffsetRecords.RECORD_BYTES) {
          Refusal noRoom = records.add(OffsetRecords.write(lines));
          if (noRoom != null) {
            return noRoom;
          }
          lines.clear();
          bytes = 0;
        }
      }
    }
    Refusal noRoom = lines.isEmpty() ? null : records.add(OffsetRecords.write(lines));
    if (noRoom == null) {
      records.record();
    }
    return noRoom;
  }
}
