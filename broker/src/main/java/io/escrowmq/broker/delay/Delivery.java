package io.escrowmq.broker.delay;

import io.escrowmq.broker.visible.Release;
import io.escrowmq.remoting.message.BadMessageException;
import io.escrowmq.store.FieldWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A delayed message leaves escrow.
 *
 * <pre>
 * 1 int8 | time int64 | release    it became visible
 * 0 int8 | position int64          its topic is gone
 * 2 int8 | position int64          its bytes are damaged, or gone
 * </pre>
 *
 * @param release how it becomes visible; null when it does not
 */
record Delivery(What what, long position, @Nullable Release release) {

  /** What became of the message. */
  enum What {
    TOPIC_GONE(0),
    VISIBLE(1),
    UNREADABLE(2);

    private final int number;

    What(int number) {
      this.number = number;
    }

    static What of(int number) {
      return switch (number) {
        case 0 -> TOPIC_GONE;
        case 1 -> VISIBLE;
        case 2 -> UNREADABLE;
        default -> throw new BadMessageException("a delivery of kind " + number);
      };
    }
  }

  private static final int FIXED_BYTES = 1 + Long.BYTES;

  /** The most bytes that one takes. */
  static final int MOST_BYTES = FIXED_BYTES + Release.MOST_BYTES;

  static Delivery visible(Release release) {
    return new Delivery(What.VISIBLE, release.position(), release);
  }

  static Delivery topicGone(long position) {
    return new Delivery(What.TOPIC_GONE, position, null);
  }

  static Delivery unreadable(long position) {
    return new Delivery(What.UNREADABLE, position, null);
  }

  byte[] toPayload() {
    int bytes = FIXED_BYTES + (release == null ? 0 : release.bytes());
    FieldWriter out = new FieldWriter("a DELIVERY record", bytes).uint8("what", what.number);
    if (release == null) {
      return out.int64(position).toBytes();
    }
    out.int64(release.timeMillis());
    release.writeTo(out);
    return out.toBytes();
  }

  static Delivery of(ByteBuffer in) {
    What what = What.of(in.get());
    long timeOrPosition = in.getLong();
    return what == What.VISIBLE
        ? visible(Release.readFrom(in, timeOrPosition))
        : new Delivery(what, timeOrPosition, null);
  }
}
