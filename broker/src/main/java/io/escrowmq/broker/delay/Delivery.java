package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.Release;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A delayed message leaves escrow.
 *
 * <pre>
 * 1 int8 | time int64 | release    it became visible
 * 0 int8 | position int64          it could not: its topic is gone, or it is damaged
 * </pre>
 */
record Delivery(long position, @Nullable Release release) {

  private static final int LOST = 0;
  private static final int RELEASED = 1;
  private static final int FIXED_BYTES = 1 + Long.BYTES;

  /** The most bytes that one takes. */
  static final int MOST_BYTES = FIXED_BYTES + Release.MOST_BYTES;

  byte[] toPayload() {
    if (release == null) {
      return ByteBuffer.allocate(FIXED_BYTES).put((byte) LOST).putLong(position).array();
    }
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + release.bytes());
    out.put((byte) RELEASED).putLong(release.timeMillis());
    release.writeTo(out);
    return out.array();
  }

  static Delivery of(ByteBuffer in) {
    if (in.get() == LOST) {
      return new Delivery(in.getLong(), null);
    }
    Release release = Release.readFrom(in, in.getLong());
    return new Delivery(release.position(), release);
  }
}
