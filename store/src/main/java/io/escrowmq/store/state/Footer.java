package io.escrowmq.store.state;

import io.escrowmq.store.StoreFile;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The end of a state file, written last: a file without it, or whose bytes do not agree with it, does
 * not count. So MapDB, which does not notice all damage, never sees a damaged file.
 *
 * <pre>
 *  +----------------+----------+----------+--------------+---------+----------+
 *  | MapDB's table  | magic    | position | table length | version | checksum |
 *  | table length   | int64    | int64    | int64        | int32   | int32    |
 *  +----------------+----------+----------+--------------+---------+----------+
 *  checksum: CRC32C over all that comes before it
 * </pre>
 *
 * The version is that of the file as a whole. Footers of all versions have this layout, so that a
 * whole file of a newer version can be told from a damaged one.
 */
record Footer(long position, long tableLength, int version) {

  private static final long MAGIC = 0x45515354_41544531L; // EQSTATE1
  static final int VERSION = 1;

  private static final int BYTES = 32;
  private static final int CHECKED = 28;
  private static final int CHUNK = 1 << 16;

  /** How long the whole file is. */
  long fileBytes() {
    return tableLength + BYTES;
  }

  /** Ends the file. */
  void write(StoreFile file) {
    ByteBuffer bytes = fields();
    CRC32C crc = checksum(file, tableLength);
    crc.update(bytes.duplicate().limit(CHECKED));
    file.write(bytes.putInt(CHECKED, (int) crc.getValue()), tableLength);
  }

  /** The footer of a whole file; null when anything in the file is not as it was written. */
  static @Nullable Footer read(StoreFile file) {
    long tableLength = file.size() - BYTES;
    if (tableLength < 0) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    if (file.read(bytes, tableLength) < BYTES) {
      return null;
    }
    Footer footer = new Footer(bytes.getLong(8), bytes.getLong(16), bytes.getInt(24));
    if (bytes.getLong(0) != MAGIC || footer.tableLength != tableLength) {
      return null;
    }
    CRC32C crc = checksum(file, tableLength);
    crc.update(bytes.flip().limit(CHECKED));
    return bytes.limit(BYTES).getInt(CHECKED) == (int) crc.getValue() ? footer : null;
  }

  private ByteBuffer fields() {
    return ByteBuffer.allocate(BYTES)
        .putLong(0, MAGIC)
        .putLong(8, position)
        .putLong(16, tableLength)
        .putInt(24, version);
  }

  private static CRC32C checksum(StoreFile file, long length) {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (long at = 0; at < length; at += CHUNK) {
      chunk.clear().limit((int) Math.min(CHUNK, length - at));
      file.read(chunk, at);
      crc.update(chunk.flip());
    }
    return crc;
  }
}
