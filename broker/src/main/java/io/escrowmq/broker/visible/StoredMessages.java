package io.escrowmq.broker.visible;

import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import java.nio.ByteBuffer;

/** Where in a record the message lies, and what differs from the bytes that a consumer gets. */
public final class StoredMessages {

  /** Where the message begins in a DELAYED record's payload, after the due time. */
  public static final int DELAYED_AT = Long.BYTES;

  /** The same in one that was recorded again, after the due time and two positions. */
  public static final int MOVED_DELAYED_AT = 3 * Long.BYTES;

  /** Flag of DELAYED records: the message was recorded before, at another position. */
  public static final int MOVED = 0x2000;

  /** Flag of records with a message whose unique key names one send and no other. */
  public static final int ONCE = 0x4000;

  private StoredMessages() {}

  /** Whether its message is to be known when it is sent again. */
  public static boolean isOnce(LogRecord record) {
    return (record.flags() & ONCE) != 0;
  }

  /** Whether the message of a DELAYED record was recorded before, and lies here from now on. */
  public static boolean isMovedDelayed(LogRecord record) {
    return (record.flags() & MOVED) != 0;
  }

  /** Where the message of a DELAYED record was first recorded: its id for ever. */
  public static long firstPosition(LogRecord delayed) {
    ByteBuffer payload = delayed.payload();
    return isMovedDelayed(delayed)
        ? payload.getLong(payload.position() + 2 * Long.BYTES)
        : delayed.position();
  }

  /** Where the message of any record was first recorded. */
  public static long firstPosition(LogRecord record, MessageView message) {
    if (record.kind() == RecordKind.HALF) {
      return message.preparedPosition();
    }
    return record.kind() == RecordKind.DELAYED ? firstPosition(record) : record.position();
  }

  /** How many bytes stand before the message of a HALF record. */
  public static int halfPrefix(LogRecord record) {
    return record.flags() & ~ONCE;
  }

  /** The index in the record's payload buffer where the message begins; -1 when it holds none. */
  public static int messageAt(LogRecord record) {
    int payloadAt = record.payload().position();
    return switch (record.kind()) {
      case MESSAGE -> payloadAt;
      case DELAYED -> payloadAt + (isMovedDelayed(record) ? MOVED_DELAYED_AT : DELAYED_AT);
      case HALF -> payloadAt + halfPrefix(record);
      case DELIVERY,
          CONSUMER_OFFSETS,
          TOPIC,
          TOPIC_DELETED,
          GROUP,
          GROUP_DELETED,
          DECISION,
          CHECK -> -1;
    };
  }

  /**
   * Copies a message as it is visible in its queue: the one place that makes a stored message a visible
   * one. One that was released from escrow was written before it had a queue offset and a time of its
   * own: both are put into the copy.
   *
   * @param kind of the record that it lies in
   * @param position of that record
   */
  public static void copy(
      RecordKind kind,
      ByteBuffer message,
      ByteBuffer target,
      long position,
      long queueOffset,
      long storeTimeMillis) {
    int start = target.position();
    target.put(message);
    if (kind != RecordKind.MESSAGE) {
      MessageCodec.stamp(target, start, queueOffset, position, storeTimeMillis);
    }
  }

  /** The message of a MESSAGE record. */
  public static byte[] visible(LogRecord record) {
    return visible(record, 0, 0);
  }

  /** The message of a record that has one, as it is visible since its release. */
  public static byte[] visible(LogRecord record, Release release) {
    return visible(record, release.queueOffset(), release.timeMillis());
  }

  private static byte[] visible(LogRecord record, long queueOffset, long storeTimeMillis) {
    int at = messageAt(record);
    ByteBuffer payload = record.payload();
    ByteBuffer copy = ByteBuffer.allocate(payload.limit() - at);
    copy(
        record.kind(),
        payload.slice(at, payload.limit() - at),
        copy,
        record.position(),
        queueOffset,
        storeTimeMillis);
    return copy.array();
  }
}
