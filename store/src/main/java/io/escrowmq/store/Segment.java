package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log. The log loop writes and seals it; any thread may read it while it holds a
 * lease. The file is closed and unmapped when the last lease ends, never under a reader.
 */
final class Segment {

  private final long start;
  private final int capacity;
  private final Path path;
  private final StoreFile file;

  /** One is the log's own, until it deletes the segment or is closed. */
  private final AtomicInteger leases = new AtomicInteger(1);

  private volatile @Nullable ByteBuffer view;

  /** Up to here the file has blocks of zeros or records. Owner: the log loop. */
  private long allocatedEnd;

  /** Where its records end; -1 while it is being written. */
  private volatile long sealedEnd = -1;

  private volatile long lastWriteMillis;

  Segment(long start, int capacity, Path path, StoreFile file) {
    this.start = start;
    this.capacity = capacity;
    this.path = path;
    this.file = file;
    this.allocatedEnd = start;
  }

  long start() {
    return start;
  }

  /** Where the next segment starts. */
  long end() {
    return start + capacity;
  }

  int capacity() {
    return capacity;
  }

  Path path() {
    return path;
  }

  StoreFile file() {
    return file;
  }

  long allocatedEnd() {
    return allocatedEnd;
  }

  void allocatedEnd(long position) {
    allocatedEnd = position;
  }

  /** Where its records end, as far as the log is written. */
  long recordsEnd(long written) {
    long sealed = sealedEnd;
    return sealed >= 0 ? sealed : Math.max(start, Math.min(written, end()));
  }

  long lastWriteMillis() {
    return lastWriteMillis;
  }

  void wroteAt(long millis) {
    lastWriteMillis = millis;
  }

  void seal(long recordsEnd, long millis) {
    lastWriteMillis = millis;
    sealedEnd = recordsEnd;
  }

  /** It is the last one after all: what followed was cut. */
  void unseal(long millis) {
    lastWriteMillis = millis;
    sealedEnd = -1;
  }

  /** Takes a lease; false when the log has given the segment up. */
  boolean retain() {
    int now = leases.get();
    while (now > 0) {
      if (leases.compareAndSet(now, now + 1)) {
        return true;
      }
      now = leases.get();
    }
    return false;
  }

  /** Gives a lease back. */
  void release() {
    if (leases.decrementAndGet() == 0) {
      ByteBuffer mapped = view;
      if (mapped != null) {
        file.unmap(mapped);
      }
      file.close();
    }
  }

  /** All of the file, read-only, to be used by the caller alone and only under a lease. */
  ByteBuffer view() {
    ByteBuffer mapped = view;
    return (mapped == null ? map() : mapped).duplicate();
  }

  private synchronized ByteBuffer map() {
    ByteBuffer mapped = view;
    if (mapped == null) {
      mapped = file.map(capacity);
      view = mapped;
    }
    return mapped;
  }

  /** Syncs the file, unless the log has given it up meanwhile; the flush loop. */
  void sync() {
    if (retain()) {
      try {
        file.sync();
      } finally {
        release();
      }
    }
  }

  StorageException damaged(long position) {
    return new StorageException(
        StorageException.Reason.CORRUPT,
        "no whole record at position " + position + " (byte " + (position - start) + " of " + path
            + ")");
  }
}
