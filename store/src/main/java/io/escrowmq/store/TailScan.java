package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What lies behind the last whole record: how much, and whether a whole mark or segment header in it
 * witnesses that the log had been durable beyond its end. Part of recovery; changes nothing.
 */
final class TailScan {

  private static final int CHUNK_BYTES = 64 * 1024;

  private final FileSystem files;
  private final CRC32C crc; // of headers
  private final RecordChecksum checksum;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);

  private long bytes;
  private long durable;

  TailScan(FileSystem files, CRC32C crc, RecordChecksum checksum) {
    this.files = files;
    this.crc = crc;
    this.checksum = checksum;
  }

  /** Bytes from where looking began in each file to the last one that is not zero. */
  long bytes() {
    return bytes;
  }

  /** The highest position that was witnessed to be durable; 0 without a witness. */
  long durable() {
    return durable;
  }

  /** Looks through a file from a position to its end. */
  void look(Path path, long start, long from) {
    try (StoreFile file = files.open(path)) {
      if (from == start) {
        lookAtHeader(file, start);
      }
      long size = file.size();
      long at = from - start;
      long lastByte = at;
      while (at < size) {
        chunk.clear();
        int count = file.read(chunk, at);
        int used = lookAtChunk(count, start + at);
        if (used > 0) {
          lastByte = at + used;
        }
        // A mark may lie across two chunks.
        at += count < CHUNK_BYTES ? count : CHUNK_BYTES - Mark.BYTES;
      }
      bytes += lastByte - (from - start);
    }
  }

  private void lookAtHeader(StoreFile file, long start) {
    chunk.clear();
    if (file.read(chunk.limit(SegmentHeader.BYTES), 0) < SegmentHeader.BYTES) {
      return;
    }
    SegmentHeader header = SegmentHeader.read(chunk.clear(), 0, start, crc);
    if (header != null) {
      durable = Math.max(durable, header.durable());
    }
  }

  /** Looks for marks; returns the index behind the last byte that is not zero. */
  private int lookAtChunk(int count, long position) {
    chunk.clear();
    zeros.clear();
    if (chunk.limit(count).mismatch(zeros.limit(count)) < 0) {
      return 0;
    }
    chunk.clear();
    int used = 0;
    for (int at = 0; at + 8 <= count; at += 8) {
      if (chunk.getLong(at) != 0) {
        used = at + 8;
        if (at + Mark.BYTES <= count
            && Mark.isMark(chunk, at)
            && RecordLayout.isWhole(chunk, at, count, position + at, checksum)) {
          durable = Math.max(durable, Mark.durable(chunk, at));
        }
      }
    }
    return used;
  }
}
