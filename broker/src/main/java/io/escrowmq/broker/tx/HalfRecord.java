package io.escrowmq.broker.tx;

import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.store.FieldReader;
import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.LogRecord;
import io.escrowmq.tx.Half;
import java.nio.ByteBuffer;

/**
 * What stands before the message in a HALF record. The record's flags say where the message begins.
 *
 * <pre>
 * what int8 | client int64 | first check after int32 | other half-message int64, if any | control
 *
 * what: 0 the first of its transaction; 1 it joins the transaction of the other one;
 *       2 it is the other one, recorded again
 * </pre>
 *
 * The message is encoded as it will be seen: committed, without the properties that only tell what to do
 * with it. It becomes visible without being touched.
 *
 * @param client hash of the id of the client that sent it, or of its connection when it had not told its id
 * @param firstCheckAfterMillis when it may first be asked about, after it was recorded; {@link
 *     #NEVER} when a transaction manager decides it
 * @param other which half-message it joins or is; -1 when neither
 * @param control the properties by which its sender told what to do with it, at most {@link
 *     HalfTerms#MOST_CONTROL_BYTES}, since the flags say in 13 bits where the message begins: they
 *     are not the message's, as they have acted when it becomes visible
 */
record HalfRecord(What what, long client, int firstCheckAfterMillis, long other, String control) {

  /** What it is to its transaction. */
  enum What {
    FIRST(0),
    JOINS(1),
    MOVED(2);

    private final int number;

    What(int number) {
      this.number = number;
    }

    static What of(int number) {
      return switch (number) {
        case 0 -> FIRST;
        case 1 -> JOINS;
        case 2 -> MOVED;
        default -> throw new BadMessageException("a half-message of kind " + number);
      };
    }
  }

  static final int NEVER = -1;

  private static final int FIXED_BYTES = 1 + 8 + 4;

  /** The bytes before the message. */
  byte[] front() {
    int others = what == What.FIRST ? 0 : Long.BYTES;
    FieldWriter front = new FieldWriter("a HALF record", FIXED_BYTES + others + control.length())
        .uint8("what", what.number)
        .int64(client)
        .int32(firstCheckAfterMillis);
    if (what != What.FIRST) {
      front.int64(other);
    }
    return front.lastText("control", control, HalfTerms.MOST_CONTROL_BYTES).toBytes();
  }

  static HalfRecord of(LogRecord record) {
    ByteBuffer payload = record.payload();
    return readFrom(payload, payload.position() + StoredMessages.halfPrefix(record));
  }

  /** @param end where the message begins */
  static HalfRecord readFrom(ByteBuffer payload, int end) {
    What what = What.of(payload.get());
    long client = payload.getLong();
    int firstCheckAfterMillis = payload.getInt();
    long other = what == What.FIRST ? -1 : payload.getLong();
    String control = FieldReader.text(payload, end - payload.position());
    return new HalfRecord(what, client, firstCheckAfterMillis, other, control);
  }

  /** The same half-message, to be recorded again. */
  HalfRecord moved(long id) {
    return new HalfRecord(What.MOVED, client, firstCheckAfterMillis, id, control);
  }

  /** What its sender told to do with it. */
  HalfTerms terms() {
    return HalfTerms.of(control);
  }

  /** When it may first be asked about, by the broker's clock. */
  long firstCheckMillis(long recordedMillis) {
    return firstCheckAfterMillis == NEVER ? Half.NEVER : recordedMillis + firstCheckAfterMillis;
  }

  /** The half-message for ever: where it was first recorded. */
  long id(long position) {
    return what == What.MOVED ? other : position;
  }
}
