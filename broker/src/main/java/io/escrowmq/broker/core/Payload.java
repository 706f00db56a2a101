package io.escrowmq.broker.core;

import io.escrowmq.store.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Small records' payloads, written and read through data streams. Not for messages. */
public final class Payload {

  /** Writes a payload's fields. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(DataOutput out) throws IOException;
  }

  /** Reads a payload's fields. */
  @FunctionalInterface
  public interface Reader<T> {
    T readFrom(DataInput in) throws IOException;
  }

  private Payload() {}

  public static byte[] write(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try {
      writer.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("a field does not fit its place in a record", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws StorageException when the payload is shorter than its fields
   */
  public static <T> T read(ByteBuffer payload, Reader<T> reader) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(payload.position(), bytes);
    try {
      return reader.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new StorageException(
          StorageException.Reason.CORRUPT, "a record's payload cannot be read: " + e, e);
    }
  }
}
