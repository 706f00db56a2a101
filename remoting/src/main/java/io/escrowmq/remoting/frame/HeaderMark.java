package io.escrowmq.remoting.frame;

import io.escrowmq.remoting.HeaderEncoding;

/** The four bytes before a header: its encoding in the first, its length in the others. Pure. */
public final class HeaderMark {

  private HeaderMark() {}

  public static int of(HeaderEncoding encoding, int headerBytes) {
    return encoding.number() << 24 | headerBytes;
  }

  /** The encoding that a mark names. Fails with {@link BadFrameException} when there is none such. */
  public static HeaderEncoding encoding(int mark) {
    return switch (mark >>> 24) {
      case 0 -> HeaderEncoding.JSON;
      case 1 -> HeaderEncoding.BINARY;
      default -> throw new BadFrameException("an unknown header encoding: " + (mark >>> 24));
    };
  }
}
