package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log. The log loop writes, seals and gives it up; any thread maps views of it. A
 * view outlives the segment while somebody reads through it.
 */
final class Segment {

  private static final int GROWTH_BYTES = 8 * 1024 * 1024;

  private final long start;
  private final int capacity;
  private final Path path;
  private final StoreFile file;

  /** The largest view so far; null before the first reader and after the end. */
  private volatile @Nullable SegmentView view;

  private boolean givenUp; // guarded by this

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

  /** What lies behind a position is gone, durably; readers that have a view of it may finish. */
  void cut(long position) {
    unseal(lastWriteMillis);
    dropView();
    file.truncate(position - start);
    file.sync();
    allocatedEnd = position;
  }

  private synchronized void dropView() {
    SegmentView mapped = view;
    view = null;
    if (mapped != null) {
      mapped.release();
    }
  }

  /**
   * A view of at least so many bytes, to be released by the caller; null when the segment was given
   * up. The file grows while it is written, so now and then it is mapped anew.
   */
  @Nullable
  SegmentView view(long bytes) {
    SegmentView mapped = view;
    return mapped != null && mapped.capacity() >= bytes && mapped.retain() ? mapped : map(bytes);
  }

  private synchronized @Nullable SegmentView map(long bytes) {
    if (givenUp) {
      return null;
    }
    SegmentView mapped = view;
    if (mapped == null || mapped.capacity() < bytes) {
      SegmentView larger = new SegmentView(file, file.map(file.size()));
      view = larger;
      if (mapped != null) {
        mapped.release();
      }
      mapped = larger;
    }
    // The segment itself is a user of its view, so this one has not ended.
    return mapped.retain() ? mapped : null;
  }

  /** Reads what is there up to a position; the log loop only, so it is not given up meanwhile. */
  long read(long end, ToLongFunction<ByteBuffer> reading) {
    SegmentView mapped = view(end - start);
    if (mapped == null) {
      throw new IllegalStateException(path + " was given up");
    }
    try {
      return reading.applyAsLong(mapped.bytes());
    } catch (InternalError e) {
      throw new StorageException(Reason.IO, "could not read " + path + ": the disk failed", e);
    } finally {
      mapped.release();
    }
  }

  /** Lets go of the file; those who read through a view may finish. The log loop. */
  synchronized void giveUp() {
    givenUp = true;
    dropView();
    file.close();
  }

  StorageException damaged(long position) {
    long at = position - start;
    long size = file.size();
    return new StorageException(
        Reason.CORRUPT,
        size < at + RecordLayout.HEADER_BYTES
            ? "the record at position " + position + " is missing: " + path + " has only " + size
                + " bytes, the record begins at byte " + at
            : "no whole record at position " + position + " (byte " + at + " of " + path + ")");
  }

  /**
   * Why a record is not whole in the mapping. Asks the file itself, since a mapping does not tell a bad
   * sector from wrong bytes.
   *
   * @param most bytes that the record may have
   * @return with reason {@code CORRUPT} when the record is wrong or missing for good; {@code IO} when
   *     the disk does not give it now
   */
  StorageException unreadable(long position, int most, RecordChecksum checksum) {
    meetFaults(1);
    return judged(position, most, checksum);
  }

  // Compiled code learns of a fault in a mapping when it next enters the virtual machine, wherever
  // that is. Making an array of arrays of unknown length enters it here.
  private static int meetFaults(int length) {
    try {
      return new int[length][length].length;
    } catch (InternalError e) {
      return 0;
    }
  }

  private StorageException judged(long position, int most, RecordChecksum checksum) {
    try {
      return isWholeInFile(position, most, checksum) ? notNow(position, null) : damaged(position);
    } catch (StorageException e) {
      return notNow(position, e);
    }
  }

  private boolean isWholeInFile(long position, int most, RecordChecksum checksum) {
    ByteBuffer header = ByteBuffer.allocate(RecordLayout.HEADER_BYTES);
    if (file.read(header, position - start) < RecordLayout.HEADER_BYTES
        || header.getLong(RecordLayout.POSITION) != position
        || header.getInt(RecordLayout.LENGTH) > most) {
      return false;
    }
    ByteBuffer record = ByteBuffer.allocate(Math.max(0, header.getInt(RecordLayout.LENGTH)));
    return file.read(record, position - start) == record.capacity()
        && RecordLayout.isWhole(record, 0, record.capacity(), position, checksum)
        && !Mark.isMark(record, 0);
  }

  private StorageException notNow(long position, @Nullable Throwable cause) {
    return new StorageException(
        Reason.IO,
        "the record at position " + position + " (byte " + (position - start) + " of " + path
            + ") could not be read: the disk failed",
        cause);
  }
}
