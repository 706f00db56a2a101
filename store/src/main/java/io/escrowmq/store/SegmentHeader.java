package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bytes of a segment. Immutable. It is written together with the segment's first
 * records, so a file without one was prepared and never used; and it seals the segment before it.
 *
 * <pre>
 *  0         8          12        16       24         28      32
 *  +---------+----------+---------+--------+----------+-------+
 *  | magic   | checksum | level   | start  | capacity | epoch |
 *  | int64   | int32    | int32   | int64  | int32    | int32 |
 *  +---------+----------+---------+--------+----------+-------+
 *  32             40                    48        56       64
 *  +--------------+---------------------+---------+--------+
 *  | previous end | previous last write | durable | secret |
 *  | int64        | int64, milliseconds | int64   | int64  |
 *  +--------------+---------------------+---------+--------+
 * </pre>
 *
 * The checksum (CRC-32C) covers all that follows it. The level says what may stand in the segment.
 *
 * @param start the position of the file's first byte; the file's name says it too
 * @param capacity the size of the file; the next segment starts where it ends
 * @param previousEnd where the records of the segment before end
 * @param previousLastWriteMillis when the segment before was last written to
 * @param durable everything before this position had been synced when this was written
 * @param secret the log's, the same in all its segments; goes into the records' checksums
 */
record SegmentHeader(
    long start,
    int capacity,
    int epoch,
    long previousEnd,
    long previousLastWriteMillis,
    long durable,
    long secret) {

  static final int BYTES = 64;

  private static final long MAGIC = 0x455343524F574C47L; // "ESCROWLG"

  /**
   * One more with each change of a layout and with each new kind of record: a version refuses what it may
   * not understand before it has read any of it. Who raises it begins a new segment for what is new.
   */
  static final int LEVEL = 3;

  private static final int CHECKSUM = 8;
  private static final int COVERED = 12;

  void writeTo(ByteBuffer bytes, int at, CRC32C crc) {
    bytes.putLong(at, MAGIC);
    bytes.putInt(at + 12, LEVEL);
    bytes.putLong(at + 16, start);
    bytes.putInt(at + 24, capacity);
    bytes.putInt(at + 28, epoch);
    bytes.putLong(at + 32, previousEnd);
    bytes.putLong(at + 40, previousLastWriteMillis);
    bytes.putLong(at + 48, durable);
    bytes.putLong(at + 56, secret);
    bytes.putInt(at + CHECKSUM, checksum(bytes, at, crc));
  }

  /** The header at the index; null when there is no whole one of a segment with this start. */
  static @Nullable SegmentHeader read(ByteBuffer bytes, int at, long start, CRC32C crc) {
    if (bytes.getLong(at) != MAGIC
        || bytes.getInt(at + CHECKSUM) != checksum(bytes, at, crc)
        || bytes.getLong(at + 16) != start) {
      return null;
    }
    int level = bytes.getInt(at + 12);
    if (level != LEVEL) {
      throw refusal(start, level);
    }
    return new SegmentHeader(
        start,
        bytes.getInt(at + 24),
        bytes.getInt(at + 28),
        bytes.getLong(at + 32),
        bytes.getLong(at + 40),
        bytes.getLong(at + 48),
        bytes.getLong(at + 56));
  }

  /** The epoch in the header at the index, which is whole. */
  static int epoch(ByteBuffer bytes, int at) {
    return bytes.getInt(at + 28);
  }

  private static StorageException refusal(long start, int level) {
    boolean newer = level > LEVEL;
    return new StorageException(
        newer ? Reason.NEWER : Reason.CORRUPT,
        "the segment at " + start + " has format level " + level + ", and this version reads level "
            + LEVEL + ": it was written by " + (newer ? "a newer" : "an older")
            + " version; start that one, nothing was changed");
  }

  private static int checksum(ByteBuffer bytes, int at, CRC32C crc) {
    crc.reset();
    crc.update(bytes.limit(at + BYTES).position(at + COVERED));
    bytes.clear();
    return (int) crc.getValue();
  }
}
