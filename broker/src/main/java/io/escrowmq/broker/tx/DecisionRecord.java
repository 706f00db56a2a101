package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.store.LogRecord;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
  private static final int PART_BYTES = 8 + 1 + 8 + 4 + 8;

  private static final int LONGEST_PART = PART_BYTES + 64 + 255 + 8 * 65; // name and keys
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

    /** The same half-message, which was recorded again. */
    Part movedTo(EscrowedMessages.Place place) {
      Release moved = release == null ? null : release.movedTo(place.position(), place.bytes());
      return new Part(id, moved, place.position(), place.bytes(), dueMillis);
    }

    private int bytes() {
      return PART_BYTES + (release == null ? 0 : release.bytes());
    }

    private void writeTo(ByteBuffer out) {
      out.putLong(id);
      if (release != null) {
        out.put((byte) RELEASED);
        release.writeTo(out);
      } else if (dueMillis > 0) {
        out.put((byte) DELAYED).putLong(position).putInt(recordLength).putLong(dueMillis);
      } else {
        out.put((byte) DROPPED);
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
    byte[] whoBytes = utf8(who);
    byte[] whyBytes = utf8(why);
    int bytes = FIXED_BYTES + whoBytes.length + whyBytes.length;
    for (Part part : parts) {
      bytes += part.bytes();
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put((byte) (decision.verdict() == Verdict.COMMIT ? COMMIT : ROLLBACK));
    out.put((byte) decision.by().number());
    out.putLong(decision.timeMillis());
    out.put((byte) whoBytes.length).put(whoBytes);
    out.putShort((short) whyBytes.length).put(whyBytes);
    out.putShort((short) parts.size());
    for (Part part : parts) {
      part.writeTo(out);
    }
    byte[] payload = new byte[out.position()];
    out.flip().get(payload);
    return payload;
  }

  static DecisionRecord of(LogRecord record) {
    ByteBuffer in = record.payload();
    Verdict verdict = in.get() == COMMIT ? Verdict.COMMIT : Verdict.ROLLBACK;
    Decider by = Decider.of(in.get());
    long timeMillis = in.getLong();
    String who = text(in, in.get() & 0xFF);
    String why = text(in, in.getShort() & 0xFFFF);
    int count = in.getShort() & 0xFFFF;
    List<Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      parts.add(Part.readFrom(in, timeMillis));
    }
    Decision decision = new Decision(parts.get(0).id(), verdict, by, timeMillis);
    return new DecisionRecord(decision, who, why, parts);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer in, int length) {
    if (length == 0) {
      return ""; // nobody in person decided, as nearly always
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
