package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log. The log loop writes and seals it; any thread may read it while it holds a
 * lease. The file is closed and unmapped when the last lease ends, never under a reader.
 */
final class Segment {

  private static final int GROWTH_BYTES = 8 * 1024 * 1024;

  private final long start;
  private final int capacity;
  private final Path path;
  private final StoreFile file;

  /** One is the log's own, until it deletes the segment or is closed. */
  private final AtomicInteger leases = new AtomicInteger(1);

  /** The view of most of the file; the ones before it are in use until the last lease ends. */
  private volatile @Nullable ByteBuffer view;

  private final List<ByteBuffer> views = new ArrayList<>(); // guarded by this

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

  /** Fills with zeros what follows the allocated end; the file grows in larger steps than that. */
  void allocate(ByteBuffer zeros) {
    int length = zeros.remaining();
    long to = allocatedEnd - start + length;
    if (to > file.size()) {
      file.truncate(Math.min(capacity, to + growthBytes()));
    }
    file.write(zeros, allocatedEnd - start);
    allocatedEnd += length;
  }

  // Small enough that recovery looks through little behind the tail, large enough that a segment is
  // mapped anew a few dozen times and not hundreds.
  private int growthBytes() {
    return Math.min(GROWTH_BYTES, capacity / 4);
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
      close();
    }
  }

  private synchronized void close() {
    view = null;
    views.forEach(file::unmap);
    views.clear();
    file.close();
  }

  /**
   * The file, read-only, at least up to this many bytes; to be used by the caller alone and only
   * under a lease. The file grows while it is written, so now and then it is mapped anew.
   */
  ByteBuffer view(long bytes) {
    ByteBuffer mapped = view;
    return (mapped == null || mapped.capacity() < bytes ? map(bytes) : mapped).duplicate();
  }

  private synchronized ByteBuffer map(long bytes) {
    ByteBuffer mapped = view;
    if (mapped == null || mapped.capacity() < bytes) {
      mapped = file.map(file.size());
      views.add(mapped);
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
