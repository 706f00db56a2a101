package io.escrowmq.broker.consumer;

import io.escrowmq.broker.consumer.OffsetRecords.Line;
import io.escrowmq.broker.core.AllOrNone;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Reply;
import io.escrowmq.store.RecordKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Offsets that an operator sets. Log loop only. */
final class OffsetResets {

  private OffsetResets() {}

  /**
   * Records queue id to offset. They count at once, and each queue's next pull is sent there. Answers
   * why there is no room for all of them, even with the log's reserve, and then none is set; null when
   * they are.
   */
  static @Nullable Reply record(
      Recorder recorder, String group, String topic, Map<Integer, Long> offsets) {
    AllOrNone records =
        AllOrNone.withReserve(recorder, RecordKind.CONSUMER_OFFSETS, OffsetRecords.RESETS);
    for (Line line : Line.of(group, topic, offsets)) {
      Reply refusal = records.add(OffsetRecords.write(List.of(line)));
      if (refusal != null) {
        return refusal;
      }
    }
    records.record();
    return null;
  }
}
