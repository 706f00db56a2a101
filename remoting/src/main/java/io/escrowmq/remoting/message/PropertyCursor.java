package io.escrowmq.remoting.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks a message's properties where they lie, as UTF-8, without making strings; what counts as an
 * entry is what {@link Properties} says. A movable window with one owner at a time.
 */
public final class PropertyCursor {

  private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
  private static final long ENTRY_ENDS = 0x0202_0202_0202_0202L;
  private static final long NAME_ENDS = 0x0101_0101_0101_0101L;

  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int limit;
  private int nameAt;
  private int nameEnd;
  private int end; // of the entry

  /** A property's name as {@link #isNamed} wants it. */
  public static byte[] name(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Moves this to the beginning of a property string, before its first entry.
   *
   * @param buffer big-endian; its position is not looked at
   */
  public PropertyCursor over(ByteBuffer buffer, int at, int length) {
    bytes = buffer;
    limit = at + length;
    end = at - 1;
    return this;
  }

  /** Moves to the next entry; false when there is none. */
  public boolean next() {
    while (end + 1 < limit) {
      nameAt = end + 1;
      end = find(ENTRY_ENDS, nameAt, limit);
      nameEnd = find(NAME_ENDS, nameAt, end);
      if (nameEnd > nameAt && nameEnd < end - 1) {
        return true;
      }
    }
    return false;
  }

  public boolean isNamed(byte[] name) {
    return nameLength() == name.length && isNamedFrom(name);
  }

  /** Whether the name begins with these bytes, and has at least as many. */
  boolean isNamedFrom(byte[] beginning) {
    for (int i = 0; i < beginning.length; i++) {
      if (bytes.get(nameAt + i) != beginning[i]) {
        return false;
      }
    }
    return true;
  }

  /** In bytes, 1 or more. */
  int nameLength() {
    return nameEnd - nameAt;
  }

  /** Where the value begins in {@link #bytes}. */
  public int valueAt() {
    return nameEnd + 1;
  }

  /** In bytes, 1 or more. */
  public int valueLength() {
    return end - nameEnd - 1;
  }

  public ByteBuffer bytes() {
    return bytes;
  }

  // Eight bytes a step: where one of them is the wanted one, its highest bit is set, and no other.
  private int find(long wanted, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long differs = bytes.getLong(at) ^ wanted;
      long found = ~(((differs & LOW_BITS) + LOW_BITS) | differs | LOW_BITS);
      if (found != 0) {
        return at + Long.numberOfLeadingZeros(found) / Byte.SIZE;
      }
    }
    while (at < to && bytes.get(at) != (byte) wanted) {
      at++;
    }
    return at;
  }
}
