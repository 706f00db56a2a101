package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.message.SpareArrays;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The body of a batch while it grows; the layout is that of {@code BatchCodec}. One owner until it is
 * sent, when it must not grow any more.
 */
final class BatchBody implements Body {

  private static final int FIXED_BYTES = 22;

  private static final byte[] NONE = {};

  private final SpareArrays spare;
  private byte[] bytes;
  private int length;

  BatchBody(SpareArrays spare, int expectedBytes) {
    this.spare = spare;
    this.bytes = spare.take(expectedBytes);
  }

  void add(Message message, String messageId) {
    byte[] body = message.body();
    boolean first = length == 0; // it speaks for all when they come again
    SentProperties properties = new SentProperties(message, messageId, first);
    int propertiesLength = properties.byteLength();
    int size = Math.addExact(FIXED_BYTES + propertiesLength, body.length);
    if (bytes.length - length < size) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, size)));
    }
    ByteBuffer.wrap(bytes, length, size)
        .putInt(size)
        .putInt(0) // no magic
        .putInt(0) // the broker computes the checksum
        .putInt(0) // no flag
        .putInt(body.length)
        .put(body)
        .putShort((short) propertiesLength);
    properties.writeTo(bytes, length + size - propertiesLength);
    length += size;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public void writeTo(ByteBuffer target) {
    target.put(bytes, 0, length);
  }

  /** No try writes it any more, not even one that was given up: its bytes may be used again. */
  void recycle() {
    byte[] done = bytes;
    bytes = NONE;
    spare.giveBack(done);
  }
}
