package io.escrowmq.store;

import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the fields of a small record, or of a row of a state file. What does not fit its place is refused
 * here, where it is written: read back, it would be something else. Not for messages. One owner.
 */
public final class FieldWriter {

  public static final int MOST_UINT8 = 0xFF;
  public static final int MOST_UINT16 = 0xFFFF;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final String what;
  private byte[] bytes;
  private int length;

  /**
   * @param what is written, for messages: "a DECISION record"
   * @param expected how many bytes it takes; if it takes just these, nothing is copied
   */
  public FieldWriter(String what, int expected) {
    this.what = what;
    this.bytes = new byte[expected];
  }

  /** All that was written. */
  public byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** Hands over what was written, and begins again. */
  public void moveTo(DataOutput out) throws IOException {
    out.write(bytes, 0, length);
    length = 0;
  }

  public FieldWriter bool(boolean is) {
    int at = take(1);
    bytes[at] = (byte) (is ? 1 : 0);
    return this;
  }

  /** A number from 0 to 255 in one byte. */
  public FieldWriter uint8(String field, int number) {
    requireFits(field, "is", number, MOST_UINT8);
    int at = take(1);
    bytes[at] = (byte) number;
    return this;
  }

  /** A number from 0 to 65535 in two bytes. */
  public FieldWriter uint16(String field, int number) {
    requireFits(field, "is", number, MOST_UINT16);
    int at = take(Short.BYTES);
    SHORTS.set(bytes, at, (short) number);
    return this;
  }

  public FieldWriter int32(int number) {
    int at = take(Integer.BYTES);
    INTS.set(bytes, at, number);
    return this;
  }

  public FieldWriter int64(long number) {
    int at = take(Long.BYTES);
    LONGS.set(bytes, at, number);
    return this;
  }

  /** UTF-8 behind its length in one byte. */
  public FieldWriter text8(String field, String text) {
    byte[] utf8 = utf8(field, text, MOST_UINT8);
    return uint8(field, utf8.length).put(utf8);
  }

  /** UTF-8 behind its length in two bytes. */
  public FieldWriter text16(String field, String text) {
    byte[] utf8 = utf8(field, text, MOST_UINT16);
    return uint16(field, utf8.length).put(utf8);
  }

  /** UTF-8 to the end of what is written. */
  public FieldWriter lastText(String field, String text, int mostBytes) {
    return put(utf8(field, text, mostBytes));
  }

  private byte[] utf8(String field, String text, int most) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    requireFits(field, "has as many bytes as", utf8.length, most);
    return utf8;
  }

  private void requireFits(String field, String verb, int number, int most) {
    if (number < 0 || number > most) {
      throw new IllegalArgumentException("the field " + field + " of " + what + " " + verb + " "
          + number + ", at most " + most + " can be recorded; send less");
    }
  }

  private FieldWriter put(byte[] source) {
    int at = take(source.length);
    System.arraycopy(source, 0, bytes, at, source.length);
    return this;
  }

  /** Makes room for so many bytes more; tells where they begin. */
  private int take(int more) {
    int at = length;
    length = Math.addExact(length, more);
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
    }
    return at;
  }
}
