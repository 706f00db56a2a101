package io.escrowmq.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a log says of itself: up to where it was synced (docs/storage.md). Read while its broker runs. */
final class LogMarks {

  private static final long SEGMENT_MAGIC = 0x4553_4352_4f57_4c47L; // ESCROWLG
  private static final int HEADER_BYTES = 64;
  private static final int MARK_BYTES = 32;
  private static final int KIND_AT = 20;

  private LogMarks() {}

  /** The highest position of which the log says that all before it is synced. */
  static long synced(Path store) {
    try (Stream<Path> files = Files.list(store.resolve("log"))) {
      List<Path> newestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : newestFirst) {
        long synced = syncedIn(ByteBuffer.wrap(Files.readAllBytes(file)));
        if (synced > 0) {
          return synced;
        }
      }
      return 0;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static long syncedIn(ByteBuffer segment) {
    if (segment.limit() < HEADER_BYTES || segment.getLong(0) != SEGMENT_MAGIC) {
      return 0;
    }
    long start = segment.getLong(16);
    long synced = 0;
    for (int at = HEADER_BYTES; at + MARK_BYTES <= segment.limit(); at += Long.BYTES) {
      // a record names its own position
      if (segment.getInt(at) == MARK_BYTES
          && segment.getLong(at + 8) == start + at
          && segment.getShort(at + KIND_AT) == 0) {
        synced = Math.max(synced, segment.getLong(at + 24));
      }
    }
    return synced;
  }
}
