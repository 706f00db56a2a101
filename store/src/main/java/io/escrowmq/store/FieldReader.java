package io.escrowmq.store;

import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what a {@link FieldWriter} wrote. */
public final class FieldReader {

  /** Reads a payload's fields. */
  @FunctionalInterface
  public interface Fields<T> {
    T readFrom(DataInput in) throws IOException;
  }

  private FieldReader() {}

  /**
   * Reads a payload.
   *
   * @throws StorageException when it is shorter than its fields
   */
  public static <T> T read(ByteBuffer payload, Fields<T> fields) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(payload.position(), bytes);
    try {
      return fields.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new StorageException(
          StorageException.Reason.CORRUPT, "a record's payload cannot be read: " + e, e);
    }
  }

  /** What {@link FieldWriter#text16} wrote. */
  public static String text16(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readUnsignedShort()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What {@link FieldWriter#text16} wrote. */
  public static String text16(ByteBuffer in) {
    return text(in, in.getShort() & FieldWriter.MOST_UINT16);
  }

  /** What {@link FieldWriter#text8} wrote. */
  public static String text8(ByteBuffer in) {
    return text(in, in.get() & FieldWriter.MOST_UINT8);
  }

  /** What {@link FieldWriter#lastText} wrote. */
  public static String text(ByteBuffer in, int length) {
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
