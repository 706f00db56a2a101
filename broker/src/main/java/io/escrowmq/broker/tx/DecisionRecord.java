package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.store.FieldReader;
import io.escrowmq.store.FieldWriter;
import io.escrowmq.store.LogRecord;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about a transaction, and what becomes of each of its half-messages. A commit
 * carries all that the queues and the index need: applying it reads nothing else.
 *
 * <pre>
 * verdict int8 | decider int8 | time int64 | who: length uint8, UTF-8 | why: length uint16, UTF-8 | count uint16 | part *
 *
 * part      id int64 | what int8 | ...
 *   dropped    what 0
 *   released   what 1 | release, as it writes itself
 *   delayed    what 2 | position int64 | record length int32 | due int64
 *
 * verdict: 1 commit, 2 roll back
 * </pre>
 *
 * @param who the operator, or "" when nobody in person
 * @param why the operator's reason
 */
record DecisionRecord(Decision decision, String who, String why, List<Part> parts) {

  private static final int COMMIT = 1;
  private static final int ROLLBACK = 2;

  private static final int DROPPED = 0;
  private static final int RELEASED = 1;
  private static final int DELAYED = 2;

  private static final int FIXED_BYTES = 1 + 1 + 8 + 1 + 2 + 2;
  private static final int ID_BYTES = 8 + 1;
  private static final int DELAYED_BYTES = 8 + 4 + 8;

  private static final int LONGEST_PART = ID_BYTES + Release.MOST_BYTES;
  private static final int LONGEST_REST = 4096; // who and why, with room to spare

  /** So many half-messages a commit can release in a record with this payload, at least. */
  static int partsIn(int payloadAtMost) {
    return Math.max(1, (payloadAtMost - LONGEST_REST) / LONGEST_PART);
  }

  /**
   * One half-message of the transaction.
   *
   * @param release how it becomes visible at once; null when it does not
   * @param position where it lies; counts only with a due time
   * @param recordLength that of its record; likewise
   * @param dueMillis when it becomes visible; 0 when not by time
   */
  record Part(long id, @Nullable Release release, long position, int recordLength, long dueMillis) {

    static Part dropped(long id) {
      return new Part(id, null, 0, 0, 0);
    }

    static Part released(long id, Release release) {
      return new Part(id, release, release.position(), release.recordLength(), 0);
    }

    static Part delayed(long id, long position, int recordLength, long dueMillis) {
      return new Part(id, null, position, recordLength, dueMillis);
    }

    boolean isDropped() {
      return release == null && dueMillis == 0;
    }

    /** The same half-message, which was recorded again. */
    Part movedTo(EscrowedMessages.Place place) {
      Release moved = release == null ? null : release.movedTo(place.position(), place.bytes());
      return new Part(id, moved, place.position(), place.bytes(), dueMillis);
    }

    private int bytes() {
      return ID_BYTES + (release == null ? dueMillis > 0 ? DELAYED_BYTES : 0 : release.bytes());
    }

    private void writeTo(FieldWriter out) {
      out.int64(id);
      if (release != null) {
        release.writeTo(out.uint8("what", RELEASED));
      } else if (dueMillis > 0) {
        out.uint8("what", DELAYED).int64(position).int32(recordLength).int64(dueMillis);
      } else {
        out.uint8("what", DROPPED);
      }
    }

    private static Part readFrom(ByteBuffer in, long timeMillis) {
      long id = in.getLong();
      return switch (in.get()) {
        case DROPPED -> dropped(id);
        case DELAYED -> delayed(id, in.getLong(), in.getInt(), in.getLong());
        default -> released(id, Release.readFrom(in, timeMillis));
      };
    }
  }

  byte[] payload() {
    int bytes = FIXED_BYTES + who.length() + why.length();
    for (Part part : parts) {
      bytes += part.bytes();
    }
    FieldWriter out = new FieldWriter("a DECISION record", bytes);
    out.uint8("verdict", decision.verdict() == Verdict.COMMIT ? COMMIT : ROLLBACK);
    out.uint8("decider", decision.by().number()).int64(decision.timeMillis());
    out.text8("who", who).text16("why", why).uint16("half-messages", parts.size());
    for (Part part : parts) {
      part.writeTo(out);
    }
    return out.toBytes();
  }

  static DecisionRecord of(LogRecord record) {
    return of(record.payload());
  }

  static DecisionRecord of(ByteBuffer in) {
    Verdict verdict = in.get() == COMMIT ? Verdict.COMMIT : Verdict.ROLLBACK;
    Decider by = Decider.of(in.get());
    long timeMillis = in.getLong();
    String who = FieldReader.text8(in);
    String why = FieldReader.text16(in);
    int count = in.getShort() & 0xFFFF;
    List<Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      parts.add(Part.readFrom(in, timeMillis));
    }
    Decision decision = new Decision(parts.get(0).id(), verdict, by, timeMillis);
    return new DecisionRecord(decision, who, why, parts);
  }
}
