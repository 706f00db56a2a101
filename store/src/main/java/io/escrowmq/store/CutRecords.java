package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole records behind the end of the log, which recovery cuts, and a copy that has what its leader has not:
 * after a power failure or a takeover they are ordinary, but they may as well be messages that somebody misses.
 * So their bytes are kept in a directory {@code damaged-<date>} beside the log, as repair does, and an operator
 * is told. Used once.
 */
final class CutRecords {

  private static final Logger LOG = LoggerFactory.getLogger(CutRecords.class);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final int CHUNK_BYTES = 1 << 20;

  private final FileSystem files;
  private final RecordChecksum checksum;
  private final Path aside;
  private long records;
  private long bytes;
  private boolean isKept = true;

  CutRecords(FileSystem files, Path logDirectory, RecordChecksum checksum, long nowMillis) {
    this.files = files;
    this.checksum = checksum;
    this.aside =
        logDirectory.resolveSibling("damaged-" + DATE.format(Instant.ofEpochMilli(nowMillis)));
  }

  /** Counts the whole records of a file from a position on; if there are any, its bytes are kept. */
  void keep(Path path, long start, long from) {
    long before = records;
    try (StoreFile file = files.open(path)) {
      int size = (int) Math.min(Integer.MAX_VALUE, file.size());
      int first = (int) (from - start);
      if (size - first < RecordLayout.HEADER_BYTES) {
        return;
      }
      ByteBuffer view = file.map(size);
      try {
        count(view, start, first, size);
      } finally {
        file.unmap(view);
      }
      if (records > before) {
        copy(file, aside.resolve(path.getFileName() + "." + first), first, size);
      }
    }
  }

  private void count(ByteBuffer view, long start, int first, int size) {
    int at = first;
    while (at + RecordLayout.HEADER_BYTES <= size) {
      if (view.getLong(at + RecordLayout.POSITION) != start + at
          || !RecordLayout.isWhole(view, at, size, start + at, checksum)) {
        at += 8;
        continue;
      }
      int length = RecordLayout.aligned(view.getInt(at + RecordLayout.LENGTH));
      if (!RecordLayout.isOfTheLog(view, at)) {
        records++;
        bytes += length;
      }
      at += length;
    }
  }

  private void copy(StoreFile file, Path to, long from, long size) {
    long end = FoundFile.lastByte(file, from, size);
    try {
      files.createDurably(aside);
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      try (StoreFile copy = files.open(to)) {
        for (long at = from; at < end; at += CHUNK_BYTES) {
          file.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, end - at)), at);
          copy.write(chunk.flip(), at - from);
        }
        copy.sync();
      }
      files.syncDirectory(aside);
    } catch (StorageException e) { // a full disk, say: a torn tail must not stop every start
      isKept = false;
      LOG.warn("what is cut off the log could not be kept in {}: {}", to, e.getMessage());
    }
  }

  /** Why the log ends where it ends; warns when whole records were cut. Once. */
  String reason(long end, long bytesBehind) {
    if (bytesBehind == 0) {
      return "nothing follows the last whole record";
    }
    if (records == 0) {
      return "what follows the last whole record (" + bytesBehind
          + " bytes) is torn, and nothing says that it had been synced";
    }
    LOG.warn(
        "no whole record is at position {} of the log, but {} whole records ({} bytes) were behind"
            + " it, and are cut off: nothing says that they had been synced. A power failure leaves"
            + " such records; so does damage in the last second before a crash{}",
        end,
        records,
        bytes,
        isKept ? ". Their bytes are in " + aside : "");
    return "no whole record follows, and nothing says that the " + records + " whole records ("
        + bytes + " bytes) behind that place had been synced";
  }
}
