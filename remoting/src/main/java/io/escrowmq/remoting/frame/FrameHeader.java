package io.escrowmq.remoting.frame;

import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.HeaderEncoding;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a frame's body. Immutable; keeps nothing of the network's buffers.
 *
 * @param opaque chosen by whoever asks; the answer repeats it
 */
public record FrameHeader(
    int code,
    String language,
    int version,
    int opaque,
    int flag,
    @Nullable String remark,
    Fields fields) {

  static final int RESPONSE = 1;
  static final int ONE_WAY = 2;

  /** Whether a header with this flag belongs to a request that waits for an answer. */
  public static boolean isTwoWayRequest(int flag) {
    return (flag & (RESPONSE | ONE_WAY)) == 0;
  }

  public boolean isResponse() {
    return (flag & RESPONSE) != 0;
  }

  public boolean isOneWay() {
    return (flag & ONE_WAY) != 0;
  }

  /**
   * Reads a header. The array becomes the header's own: its fields are decoded only when they are
   * asked for. Throws {@link BadFrameException}.
   */
  public static FrameHeader read(HeaderEncoding encoding, byte[] header, FrameLimits limits) {
    return switch (encoding) {
      case JSON -> {
        FrameHeader scanned = new JsonHeaderScanner(header, limits.maxFields()).scan();
        yield scanned != null ? scanned : UnusualJsonHeader.read(header, limits);
      }
      case BINARY -> BinaryHeader.read(header, limits.maxFields());
    };
  }
}
