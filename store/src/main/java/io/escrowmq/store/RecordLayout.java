package io.escrowmq.store;

import java.nio.ByteBuffer;

/**
 * The layout of one record. Big-endian; records begin at multiples of 8.
 *
 * <pre>
 *  0        4          8          16      20      22      24
 *  +--------+----------+----------+-------+-------+-------+---------+---------------+
 *  | length | checksum | position | epoch | kind  | flags | payload | zeros         |
 *  | int32  | int32    | int64    | int32 | int16 | int16 | ...     | to the next 8 |
 *  +--------+----------+----------+-------+-------+-------+---------+---------------+
 * </pre>
 *
 * The length counts header and payload. The checksum ({@link RecordChecksum}) covers all that follows it up to
 * the end of the payload; a wrong length makes it cover something else, so it guards the length too.
 * The zeros carry nothing and are not looked at.
 */
final class RecordLayout {

  static final int LENGTH = 0;
  static final int CHECKSUM = 4;
  static final int POSITION = 8;
  static final int EPOCH = 16;
  static final int KIND = 20;
  static final int FLAGS = 22;
  static final int HEADER_BYTES = 24;

  static final int MOST_FLAGS = 0xFFFF;

  /** The log's own note, not a kind of {@link RecordKind}: it says how far the log was durable. */
  static final int MARK_KIND = 0;

  private RecordLayout() {}

  /** Whether the record is for the log alone: a mark, or what repair put where bytes were lost. */
  static boolean isOfTheLog(ByteBuffer bytes, int at) {
    return bytes.getShort(at + KIND) == MARK_KIND;
  }

  /** What a record of this length takes in the log. */
  static int aligned(int recordLength) {
    return (recordLength + 7) & -8;
  }

  /** What a record with a payload of this length takes in the log. */
  static int bytesFor(int payloadLength) {
    return aligned(HEADER_BYTES + payloadLength);
  }

  /** Completes a record whose payload and header fields are in place. */
  static void seal(ByteBuffer bytes, int at, int length, RecordChecksum checksum) {
    bytes.putInt(at + LENGTH, length);
    bytes.putInt(at + CHECKSUM, checksum.of(bytes, at, length));
  }

  /**
   * Whether a whole record of this position begins at the index and ends before the limit. Forgets
   * what position and limit the buffer had.
   *
   * @throws InternalError when a page of a mapping cannot be read; compiled code may also take it for
   *     a record that is not whole
   */
  static boolean isWhole(
      ByteBuffer bytes, int at, int limit, long position, RecordChecksum checksum) {
    if (limit - at < HEADER_BYTES) {
      return false;
    }
    bytes.clear();
    int length = bytes.getInt(at + LENGTH);
    if (length < HEADER_BYTES || length > limit - at || bytes.getLong(at + POSITION) != position) {
      return false;
    }
    return bytes.getInt(at + CHECKSUM) == checksum.ofMapped(bytes, at, length);
  }
}
