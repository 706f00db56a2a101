package io.escrowmq.remoting.frame;

/** How a frame's header is written; an answer is written as its request was. */
public enum HeaderEncoding {
  JSON(0),
  BINARY(1);

  private final int number;

  HeaderEncoding(int number) {
    this.number = number;
  }

  /** The four bytes before a header: the encoding and the header's length. */
  public int mark(int headerBytes) {
    return number << 24 | headerBytes;
  }

  /** The encoding that a mark names. */
  public static HeaderEncoding of(int mark) {
    return switch (mark >>> 24) {
      case 0 -> JSON;
      case 1 -> BINARY;
      default -> throw new BadFrameException("an unknown header encoding: " + (mark >>> 24));
    };
  }
}
