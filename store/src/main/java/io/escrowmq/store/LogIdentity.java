package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code identity} beside the segments: whose log it is, and where it begins. Owner: the log
 * loop.
 *
 * <pre>
 *  0         8          12        16       24           32
 *  +---------+----------+---------+--------+------------+
 *  | magic   | checksum | version | secret | log starts |     twice: at byte 0 and at byte 512
 *  | int64   | int32    | int32   | int64  | at: int64  |
 *  +---------+----------+---------+--------+------------+
 *  checksum: CRC-32C of all that follows it
 * </pre>
 *
 * Retention moves the start before it deletes a segment, so a log that begins later than its identity
 * says has lost segments. Crash argument: the two slots are written in turn, each in one sector; of
 * two whole ones the one with the higher start counts, and if we stop while one is written, the other
 * says where the log still begins. Both have their blocks from the first day on, so a full disk does
 * not keep retention from freeing it.
 */
final class LogIdentity {

  static final String NAME = "identity";

  private static final long MAGIC = 0x455343524F574944L; // "ESCROWID"
  private static final int VERSION = 1;
  private static final int CHECKSUM = 8;
  private static final int COVERED = 12;
  private static final int BYTES = 32;
  private static final int SLOT_BYTES = 512;

  private final FileSystem files;
  private final Path path;
  private final long secret;
  private long start;
  private int slot; // where the current start stands

  private LogIdentity(FileSystem files, Path path, long secret, long start, int slot) {
    this.files = files;
    this.path = path;
    this.secret = secret;
    this.start = start;
    this.slot = slot;
  }

  /** What the file says; null when it is missing or damaged. */
  static @Nullable LogIdentity read(FileSystem files, Path directory) {
    Path path = directory.resolve(NAME);
    if (!files.exists(path)) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(2 * SLOT_BYTES);
    try (StoreFile file = files.open(path)) {
      file.read(bytes, 0);
    }
    LogIdentity found = null;
    for (int slot = 0; slot < 2; slot++) {
      int at = slot * SLOT_BYTES;
      if (bytes.getLong(at) == MAGIC && bytes.getInt(at + CHECKSUM) == checksum(bytes, at)) {
        int version = bytes.getInt(at + COVERED);
        if (version > VERSION) {
          throw new StorageException(
              StorageException.Reason.NEWER,
              path + " has format " + version + ": the log was written by a newer version; start"
                  + " that one");
        }
        long start = bytes.getLong(at + 24);
        if (found == null || start > found.start) {
          found = new LogIdentity(files, path, bytes.getLong(at + 16), start, slot);
        }
      }
    }
    return found;
  }

  /** Writes the file anew, durably. */
  static LogIdentity create(FileSystem files, Path directory, long secret, long start) {
    LogIdentity made = new LogIdentity(files, directory.resolve(NAME), secret, start, 0);
    try (StoreFile file = files.open(made.path)) {
      ByteBuffer both = ByteBuffer.allocate(2 * SLOT_BYTES);
      made.put(both, 0, start);
      made.put(both, SLOT_BYTES, start);
      file.write(both, 0);
      file.sync();
    }
    files.syncDirectory(directory);
    return made;
  }

  long secret() {
    return secret;
  }

  long start() {
    return start;
  }

  /** From now on the log may begin here; durable when it returns. When it fails, it may be tried again. */
  void startAt(long position) {
    if (position <= start) {
      return;
    }
    int other = 1 - slot;
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    put(bytes, 0, position);
    try (StoreFile file = files.open(path)) {
      file.write(bytes, (long) other * SLOT_BYTES);
      file.sync();
    }
    start = position;
    slot = other;
  }

  private void put(ByteBuffer bytes, int at, long from) {
    bytes.putLong(at, MAGIC).putInt(at + COVERED, VERSION);
    bytes.putLong(at + 16, secret).putLong(at + 24, from);
    bytes.putInt(at + CHECKSUM, checksum(bytes, at));
  }

  private static int checksum(ByteBuffer bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().clear().limit(at + BYTES).position(at + COVERED));
    return (int) crc.getValue();
  }
}
