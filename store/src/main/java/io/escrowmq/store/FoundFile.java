package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A file that is named like a segment of the log: whether it is one. Changes nothing. */
final class FoundFile {

  private static final int CHUNK_BYTES = 1 << 20;

  private final FileSystem files;
  private final Path path;
  private final long start;

  FoundFile(FileSystem files, Path path, long start) {
    this.files = files;
    this.path = path;
    this.start = start;
  }

  /** Its header; null when there is no whole one. */
  @Nullable
  SegmentHeader header(CRC32C crc) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(SegmentHeader.BYTES);
    try (StoreFile file = files.open(path)) {
      return file.read(bytes, 0) < SegmentHeader.BYTES
          ? null
          : SegmentHeader.read(bytes, 0, start, crc);
    }
  }

  long size() {
    try (StoreFile file = files.open(path)) {
      return file.size();
    }
  }

  /** Whether there is nothing in it: it was prepared and never used. */
  boolean isZeros() {
    try (StoreFile file = files.open(path)) {
      return lastByte(file, 0, file.size()) == 0;
    }
  }

  /** Whether a whole record of the log stands in it, at its place. */
  boolean holdsRecord(RecordChecksum checksum) {
    try (StoreFile file = files.open(path)) {
      int size = (int) Math.min(Integer.MAX_VALUE, file.size());
      if (size < SegmentHeader.BYTES + RecordLayout.HEADER_BYTES) {
        return false;
      }
      ByteBuffer view = file.map(size);
      try {
        for (int at = SegmentHeader.BYTES; at + RecordLayout.HEADER_BYTES <= size; at += 8) {
          if (view.getLong(at + RecordLayout.POSITION) == start + at
              && RecordLayout.isWhole(view, at, size, start + at, checksum)) {
            return true;
          }
        }
        return false;
      } finally {
        file.unmap(view);
      }
    }
  }

  /**
   * Asks the disk for all bytes, which fails when it does not give some of them: in a mapping they would look
   * like zeros, and be taken for damage.
   */
  static void readThrough(StoreFile file, long bytes) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (long at = 0; at < bytes; at += CHUNK_BYTES) {
      file.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, bytes - at)), at);
    }
  }

  /** Behind the last byte between two places that is not zero; the first place when all are. */
  static long lastByte(StoreFile file, long from, long to) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long last = from;
    for (long at = from; at < to; at += CHUNK_BYTES) {
      int count = file.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, to - at)), at);
      for (int i = 0; i < count; i++) {
        last = chunk.get(i) != 0 ? at + i + 1 : last;
      }
    }
    return last;
  }
}
