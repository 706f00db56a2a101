package io.escrowmq.remoting.frame;

/**
 * What a frame may claim. Immutable.
 *
 * @param maxFrameBytes all that follows the four bytes of the frame's own length
 * @param maxHeaderBytes enough for the longest property string, every character of it escaped, and
 *     for the answer to the largest batch, which has the ids of all its messages
 * @param maxFields named fields in a header
 * @param maxDepth nesting of the header's JSON
 */
public record FrameLimits(int maxFrameBytes, int maxHeaderBytes, int maxFields, int maxDepth) {

  /** The frame's length and the header's length. */
  public static final int PREFIX_BYTES = 8;

  private static final int HEADER_LENGTH_MASK = 0xFF_FFFF;

  public static FrameLimits of(int maxFrameBytes) {
    return new FrameLimits(maxFrameBytes, Math.min(640 << 10, maxFrameBytes), 256, 8);
  }

  /** Holds the first four bytes against the limits; returns how long the whole frame is. */
  public int frameBytes(int claimed) {
    if (claimed < 4 || claimed > maxFrameBytes) {
      throw new BadFrameException("a frame length of " + Integer.toUnsignedString(claimed)
          + " bytes, at most " + maxFrameBytes + " are allowed");
    }
    return claimed + 4;
  }

  /** Holds the next four bytes against the limits; returns how long the header is. */
  public int headerBytes(int claimed, int frameBytes) {
    int length = claimed & HEADER_LENGTH_MASK;
    if (length > frameBytes - PREFIX_BYTES) {
      throw new BadFrameException(
          "a header length of " + length + " bytes in a frame of " + frameBytes + " bytes");
    }
    if (length > maxHeaderBytes) {
      throw new BadFrameException(
          "a header length of " + length + " bytes, at most " + maxHeaderBytes + " are allowed");
    }
    return length;
  }
}
