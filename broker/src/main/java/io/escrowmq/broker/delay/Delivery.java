package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.Payload;
import io.escrowmq.broker.core.Release;
import java.io.DataInput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A delayed message leaves escrow.
 *
 * <pre>
 * 1 bool | release          it became visible
 * 0 bool | position int64   it could not: its topic is gone, or it is damaged
 * </pre>
 */
record Delivery(long position, @Nullable Release release) {

  byte[] toPayload() {
    return Payload.write(out -> {
      out.writeBoolean(release != null);
      if (release != null) {
        release.writeTo(out);
      } else {
        out.writeLong(position);
      }
    });
  }

  static Delivery readFrom(DataInput in) throws IOException {
    if (in.readBoolean()) {
      Release release = Release.readFrom(in);
      return new Delivery(release.position(), release);
    }
    return new Delivery(in.readLong(), null);
  }
}
