package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.RecordText;
import io.escrowmq.store.LogRecord;
import java.time.Instant;
import java.util.List;

/** What the records of consumer groups and their offsets say, for people. Pure. */
public final class ConsumerRecordTexts {

  private ConsumerRecordTexts() {}

  /** A CONSUMER_OFFSETS record. */
  public static RecordText ofOffsets(LogRecord record) {
    List<OffsetRecords.Line> lines = OffsetRecords.read(record.payload());
    String who = record.flags() == OffsetRecords.RESETS ? "set by an operator: " : "";
    return new RecordText(
        who + RecordText.list(lines, ConsumerRecordTexts::inWords),
        lines.stream().map(OffsetRecords.Line::topic).toList(),
        List.of());
  }

  private static String inWords(OffsetRecords.Line line) {
    return "group " + line.group() + " in " + line.topic() + " ("
        + RecordText.list(
            line.offsets(), entry -> "queue " + entry.getKey() + " at " + entry.getValue())
        + ")";
  }

  /** A GROUP record. */
  public static RecordText ofGroup(LogRecord record) {
    GroupRecords.Change changed = GroupRecords.readChanged(record.payload());
    return new RecordText(
        "group " + changed.group().name() + " was created or changed at "
            + Instant.ofEpochMilli(changed.timeMillis()),
        List.of(),
        List.of());
  }

  /** A GROUP_DELETED record. */
  public static RecordText ofGroupDeleted(LogRecord record) {
    GroupRecords.Deletion deleted = GroupRecords.readDeleted(record.payload());
    return new RecordText(
        "group " + deleted.group() + " was deleted at "
            + Instant.ofEpochMilli(deleted.timeMillis())
            + (deleted.withOffsets() ? ", its offsets with it" : ""),
        List.of(),
        List.of());
  }
}
