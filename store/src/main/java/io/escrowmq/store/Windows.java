package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps zero-filled blocks ahead of the tail, in the segment that is written and in the next one; in
 * more of them for a batch that takes several.
 * Owner: the log loop.
 *
 * <p>A full disk is met here, before anything is ruled on, and is an answer; a batch is written only
 * where blocks already are, so it cannot meet one. The zeros also end the log: where no record was
 * written, recovery reads a length of 0.
 *
 * <p>Growing goes in small chunks behind each batch, about as fast as the tail moves, so that no
 * turn of the log loop waits for a whole window.
 */
final class Windows {

  /** How far ahead of the reserve blocks are kept, in a segment that is large enough. */
  private static final int WINDOW_BYTES = 4 * 1024 * 1024;

  private static final int CHUNK_BYTES = 256 * 1024;

  /** A full disk is asked again at most that often. */
  private static final int RETRY_MILLIS = 100;

  private static final long NOTHING = Long.MIN_VALUE / 2; // less than any size

  private final Segments segments;
  private final LogSettings settings;
  private final InstantSource clock;
  private final Fuse fuse;
  private final int windowBytes;
  private final ByteBuffer zeros;

  /** The files that follow the one being written; a file's blocks begin when the one before is full. */
  private final Deque<Segment> next = new ArrayDeque<>();

  /**
   * Bytes with blocks behind the header of the first that follows. Not asked of it each time: whether
   * there is one changes with each segment, and compiled code that had settled on the answer was
   * thrown away, all over the path of a message.
   */
  private long spareInNext = NOTHING;

  private boolean full;
  private long refusedMillis;
  private long missingBytes;
  private @Nullable String reason; // of the last refusal

  Windows(Segments segments, LogSettings settings, InstantSource clock, Fuse fuse) {
    this.segments = segments;
    this.settings = settings;
    this.clock = clock;
    this.fuse = fuse;
    this.windowBytes = Math.min(WINDOW_BYTES, settings.segmentBytes() / 4);
    this.zeros = ByteBuffer.allocateDirect(Math.min(CHUNK_BYTES, windowBytes)).asReadOnlyBuffer();
  }

  /** Whether there are blocks for so many bytes at the tail, and more to keep; grows if it must. */
  boolean cover(Segment current, long tail, int bytes, int keep) {
    if (spare(current, tail, bytes) >= keep) {
      return true;
    }
    if (full && Math.abs(clock.millis() - refusedMillis) < RETRY_MILLIS) {
      return false;
    }
    try {
      while (spare(current, tail, bytes) < keep) {
        grow(current);
      }
      full = false;
      return true;
    } catch (StorageException e) {
      refuse(e, lacking(current, tail, bytes, keep));
      return false;
    }
  }

  /**
   * Whether there are blocks for several records in a row, and more to keep; grows if it must. They
   * may take several segments; each but the last one wastes less than the largest of them at its end.
   */
  boolean coverAll(Segment current, long tail, long bytes, int largest, int keep) {
    if (full && Math.abs(clock.millis() - refusedMillis) < RETRY_MILLIS) {
      return false;
    }
    try {
      while (spareInAll(current, tail, largest) < bytes + keep) {
        grow(current);
      }
      full = false;
      return true;
    } catch (StorageException e) {
      refuse(e, bytes + keep - spareInAll(current, tail, largest));
      return false;
    }
  }

  /** After so many bytes were written: brings the blocks ahead towards a whole window. */
  void topUp(Segment current, long tail, int writtenBytes) {
    if (full) {
      return; // those who ask for room try again, at their bounded rate
    }
    int target = settings.reserveBytes() + windowBytes;
    try {
      for (int grown = 0; grown <= writtenBytes && spare(current, tail, 0) < target; ) {
        grown += grow(current);
      }
    } catch (StorageException e) {
      refuse(e, lacking(current, tail, 0, settings.reserveBytes()));
    }
  }

  /** Why there is no room; null while there is. */
  @Nullable
  Shortage shortage() {
    return full ? new Shortage.OfDisk(missingBytes, reason) : null;
  }

  /** How many bytes must be freed before there is room again; 0 while there is. */
  long missingBytes() {
    return full ? missingBytes : 0;
  }

  /** Hands over the file that follows; {@link #cover} has prepared it. */
  Segment takeNext() {
    Segment taken = next.poll();
    if (taken == null) {
      throw new IllegalStateException("no segment was prepared to roll into");
    }
    lookAtNext();
    return taken;
  }

  void close() {
    next.forEach(segments::discard);
    next.clear();
    lookAtNext();
  }

  private void lookAtNext() {
    Segment prepared = next.peek();
    spareInNext = prepared == null
        ? NOTHING
        : prepared.allocatedEnd() - prepared.start() - SegmentHeader.BYTES;
  }

  /** Bytes with blocks, in one piece, behind a record of this size; negative: it has none. */
  private long spare(Segment current, long tail, int bytes) {
    long behind = tail + bytes;
    if (behind > current.end()) {
      return spareInNext - bytes;
    }
    long here = current.allocatedEnd() - behind;
    return here < 0 ? here : Math.max(here, spareInNext);
  }

  private long spareInAll(Segment current, long tail, int largest) {
    long spare = current.allocatedEnd() - tail;
    for (Segment prepared : next) {
      long blocks = prepared.allocatedEnd() - prepared.start() - SegmentHeader.BYTES;
      spare += Math.max(0, blocks - largest); // one that has hardly begun takes nothing away
    }
    return spare;
  }

  private long lacking(Segment current, long tail, int bytes, int keep) {
    boolean nothingThere = tail + bytes > current.end() && next.isEmpty();
    return nothingThere
        ? SegmentHeader.BYTES + (long) bytes + keep
        : keep - spare(current, tail, bytes);
  }

  private int grow(Segment current) {
    Segment growing = next.isEmpty() ? current : next.getLast();
    if (growing.allocatedEnd() == growing.end()) {
      growing = begin(growing.end());
      next.add(growing);
      lookAtNext();
    }
    int length = (int) Math.min(zeros.capacity(), growing.end() - growing.allocatedEnd());
    if (length == 0) {
      throw new IllegalStateException("asked for more than a segment holds");
    }
    growing.allocate(zeros.duplicate().limit(length));
    lookAtNext();
    return length;
  }

  // No byte is at stake yet, so a failure such as too many open files means only that there is no
  // room now.
  private Segment begin(long start) {
    try {
      return segments.open(start, settings.segmentBytes());
    } catch (StorageException e) {
      throw new StorageException(
          Reason.FULL, "no segment of the log can be begun now: " + e.getMessage(), e);
    }
  }

  private void refuse(StorageException e, long lackingBytes) {
    if (e.reason() != Reason.FULL) {
      throw fuse.blow(e);
    }
    full = true;
    reason = e.getMessage();
    refusedMillis = clock.millis();
    missingBytes = Math.max(zeros.capacity(), lackingBytes - segments.usableBytes());
  }
}
