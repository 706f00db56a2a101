package io.escrowmq.store;

import java.nio.ByteBuffer;

/**
 * One record of the log: a window that its owner moves over the bytes, so that nothing is allocated
 * per record. Valid until the owner moves on. Not for two threads at once.
 */
public final class LogRecord {

  private ByteBuffer bytes;
  private int at;

  /** Looks at no record yet. */
  LogRecord(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Moves to the record whose header begins at this index. The limit of the bytes may change. */
  LogRecord moveTo(ByteBuffer other, int index) {
    other.clear();
    bytes = other;
    at = index;
    return this;
  }

  /** Where in the log its header begins. */
  public long position() {
    return bytes.getLong(at + RecordLayout.POSITION);
  }

  /** The epoch of the writer that recorded it; never lower than that of an earlier record. */
  public int epoch() {
    return bytes.getInt(at + RecordLayout.EPOCH);
  }

  public RecordKind kind() {
    return RecordKind.of(bytes.getShort(at + RecordLayout.KIND), position());
  }

  /** 16 bits that belong to the kind. */
  public int flags() {
    return bytes.getShort(at + RecordLayout.FLAGS) & 0xFFFF;
  }

  /**
   * The payload, read-only, from the buffer's position to its limit: index 0 is not its first byte.
   * Each call resets both, and returns the same buffer as the call before.
   */
  public ByteBuffer payload() {
    return bytes.limit(at + recordLength()).position(at + RecordLayout.HEADER_BYTES);
  }

  /** Header and payload, without the zeros up to the next multiple of 8. */
  public int recordLength() {
    return bytes.getInt(at + RecordLayout.LENGTH);
  }
}
