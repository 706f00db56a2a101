package io.escrowmq.broker.consumer;

import io.escrowmq.store.FieldReader;
import io.escrowmq.store.FieldWriter;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Consumer offsets as bytes, in log records.
 *
 * <pre>
 * CONSUMER_OFFSETS  count int32, line*
 * line              group | topic | count int32, (queueId int32 | offset int64)*
 * strings           length uint16, UTF-8
 * record's flags    0: reported by consumers, 1: set by an operator, until it has reached the consumer
 * </pre>
 */
final class OffsetRecords {

  static final int REPORTS = 0;
  static final int RESETS = 1;

  /** A record ends with the line that passes it. */
  static final int RECORD_BYTES = 32 * 1024;

  private static final int ENTRY_BYTES = 12;
  private static final int LINE_ENTRIES = 2048;

  /** The offsets of one group on one topic, or some of them. */
  record Line(String group, String topic, List<Map.Entry<Integer, Long>> offsets) {

    /** Queue id to offset, in as many lines as it takes. */
    static List<Line> of(String group, String topic, Map<Integer, Long> offsets) {
      List<Map.Entry<Integer, Long>> all = new ArrayList<>(offsets.entrySet());
      List<Line> lines = new ArrayList<>(1);
      for (int from = 0; from < all.size(); from += LINE_ENTRIES) {
        int to = Math.min(all.size(), from + LINE_ENTRIES);
        lines.add(new Line(group, topic, all.subList(from, to)));
      }
      return lines;
    }

    /** About how much room it takes in a record. */
    int bytes() {
      return group.length() + topic.length() + 8 + ENTRY_BYTES * offsets.size();
    }
  }

  private OffsetRecords() {}

  static byte[] write(List<Line> lines) {
    int bytes = Integer.BYTES + lines.stream().mapToInt(Line::bytes).sum();
    FieldWriter out = new FieldWriter("a CONSUMER_OFFSETS record", bytes).int32(lines.size());
    for (Line line : lines) {
      write(line, out);
    }
    return out.toBytes();
  }

  static List<Line> read(ByteBuffer payload) {
    return FieldReader.read(payload, in -> {
      List<Line> lines = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        lines.add(readLine(in));
      }
      return lines;
    });
  }

  private static void write(Line line, FieldWriter out) {
    out.text16("group", line.group()).text16("topic", line.topic());
    out.int32(line.offsets().size());
    for (Map.Entry<Integer, Long> entry : line.offsets()) {
      out.int32(entry.getKey()).int64(entry.getValue());
    }
  }

  private static Line readLine(DataInput in) throws IOException {
    String group = FieldReader.text16(in);
    String topic = FieldReader.text16(in);
    List<Map.Entry<Integer, Long>> offsets = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      offsets.add(Map.entry(in.readInt(), in.readLong()));
    }
    return new Line(group, topic, offsets);
  }
}
