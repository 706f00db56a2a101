package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.RowsImage;
import io.escrowmq.store.FieldReader;
import io.escrowmq.store.FieldWriter;
import java.io.DataInput;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The recorded offsets of consumer groups as they stand in a state file: a row for each group and topic.
 *
 * <pre>
 * group text16 | topic text16 | queues int32 | ( queue id int32 | offset int64 | a reset waits int8 ) *
 * </pre>
 */
final class OffsetRows implements RowsImage.Rows<Progress, Map<Integer, Progress.RecordedOffset>> {

  @Override
  public @Nullable Map<Integer, Progress.RecordedOffset> row(Progress progress) {
    Map<Integer, Progress.RecordedOffset> recorded = progress.recorded();
    return recorded.isEmpty() ? null : recorded;
  }

  @Override
  public void write(
      Progress progress, Map<Integer, Progress.RecordedOffset> offsets, FieldWriter out) {
    out.text16("group", progress.group()).text16("topic", progress.topic());
    out.int32(offsets.size());
    for (Map.Entry<Integer, Progress.RecordedOffset> entry : offsets.entrySet()) {
      out.int32(entry.getKey()).int64(entry.getValue().offset());
      out.bool(entry.getValue().resetWaits());
    }
  }

  /**
   * Reads all rows behind their number.
   *
   * @param places what keeps the offsets of a group on a topic
   */
  static void read(DataInput in, BiFunction<String, String, Progress> places) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      Progress progress = places.apply(FieldReader.text16(in), FieldReader.text16(in));
      for (int queues = in.readInt(); queues > 0; queues--) {
        int queueId = in.readInt();
        long offset = in.readLong();
        if (in.readBoolean()) {
          progress.applyReset(queueId, offset);
        } else {
          progress.applyReport(queueId, offset);
        }
      }
    }
  }
}
