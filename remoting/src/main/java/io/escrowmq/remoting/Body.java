package io.escrowmq.remoting;

import java.nio.ByteBuffer;

/**
 * The bytes after the header of an outgoing frame, written once, straight into the outgoing buffer.
 *
 * <p>The implementation must write exactly {@link #length()} bytes. It is asked once, on the event
 * loop that owns the connection, and may let go of what it holds when {@link #release()} is called;
 * that happens exactly once, written or not.
 */
public interface Body {

  /** No bytes at all; the peer reads it as "no body". */
  Body EMPTY = of(new byte[0]);

  /** How many bytes {@link #writeTo} writes; fixed for the life of this body. */
  int length();

  /** Writes the bytes at the target's position. */
  void writeTo(ByteBuffer target);

  /** Lets go of what the bytes were read from. */
  default void release() {}

  static Body of(byte[] bytes) {
    return new Body() {
      @Override
      public int length() {
        return bytes.length;
      }

      @Override
      public void writeTo(ByteBuffer target) {
        target.put(bytes);
      }
    };
  }
}
