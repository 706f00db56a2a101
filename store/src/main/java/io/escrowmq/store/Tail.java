package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/**
 * The end of the log: collects records in a buffer and writes them in one go. Owner: the log loop.
 *
 * <p>Crash argument: a record counts when its checksum fits its bytes and its position is its own.
 * The batch lands in zeros, front to back or in any order of sectors; whatever part of it is on disk
 * after a crash, recovery keeps the whole records at its front and cuts the rest, of which nobody was
 * told that it is safe.
 */
final class Tail {

  /** A batch that is larger makes the buffer grow. */
  private static final int STAGING_BYTES = 1024 * 1024;

  private final Segments segments;
  private final Windows windows;
  private final LogSettings settings;
  private final InstantSource clock;
  private final Fuse fuse;
  private final int epoch;
  private final CRC32C crc = new CRC32C();
  private final long secret;
  private final RecordChecksum checksum;

  private Segment current;
  private final Staging staging;
  private final LogRecord appended;

  /** The position of the first staged byte; staged bytes never leave one segment. */
  private long base;

  private int staged;

  /** What the last mark or segment header said. */
  private long marked;

  /** Where the last mark ends when it said that all before it is durable; nobody misses a mark. */
  private long witnessed;

  private long previousEnd;
  private long previousLastWriteMillis;

  Tail(
      Segments segments,
      Windows windows,
      LogSettings settings,
      InstantSource clock,
      Fuse fuse,
      long secret,
      LogEnd end,
      int epoch) {
    this.segments = segments;
    this.windows = windows;
    this.settings = settings;
    this.clock = clock;
    this.fuse = fuse;
    this.staging = new Staging(Math.min(STAGING_BYTES, settings.segmentBytes()));
    this.appended = new LogRecord(staging.view());
    this.secret = secret;
    this.checksum = new RecordChecksum(secret);
    this.epoch = epoch;
    this.current = end.last();
    this.base = end.position();
    this.marked = end.marked();
    this.witnessed = end.witnessed();
    this.previousEnd = end.previousEnd();
    this.previousLastWriteMillis = end.previousLastWriteMillis();
  }

  int epoch() {
    return epoch;
  }

  long end() {
    return base + staged;
  }

  int staged() {
    return staged;
  }

  /** The longest payload that fits a segment. */
  static int payloadAtMost(LogSettings settings) {
    int most = settings.segmentBytes() - SegmentHeader.BYTES - overhead();
    return most - RecordLayout.HEADER_BYTES;
  }

  private int payloadAtMost() {
    return payloadAtMost(settings);
  }

  boolean hasRoom(int payloadLength, int keep) {
    fuse.check();
    if (payloadLength > payloadAtMost()) {
      return false;
    }
    int bytes = RecordLayout.bytesFor(payloadLength) + overhead();
    // A record that leaves no place for the reserve in its segment has to do with less of it.
    int beside = settings.segmentBytes() - SegmentHeader.BYTES - bytes;
    return windows.cover(current, end(), bytes, Math.min(keep, beside));
  }

  /** The same for several records in a row, of so many bytes in all. */
  boolean hasRoom(long bytes, int largestPayload, int keep) {
    if (bytes <= payloadAtMost()) {
      return hasRoom((int) bytes, keep);
    }
    fuse.check();
    return largestPayload <= payloadAtMost()
        && windows.coverAll(
            current, end(), bytes + overhead(), RecordLayout.bytesFor(largestPayload), keep);
  }

  /** What the log may add of its own: a header, and a mark before and behind. */
  private static int overhead() {
    return SegmentHeader.BYTES + 2 * Mark.BYTES;
  }

  /** Stages a record, behind a mark or a new segment's header when one is due. */
  LogRecord append(int kind, int flags, int length, PayloadWriter writer, long durable) {
    if (flags < 0 || flags > RecordLayout.MOST_FLAGS) {
      throw new IllegalArgumentException("the flags of a record of kind " + kind + " are " + flags
          + ", at most " + RecordLayout.MOST_FLAGS + " can be recorded");
    }
    if (staged == 0 && durable - marked >= Mark.STRIDE) {
      mark(durable);
    }
    makePlace(RecordLayout.bytesFor(length), durable);
    return stage(kind, flags, length, writer);
  }

  // Nothing is staged before its payload is whole.
  private LogRecord stage(int kind, int flags, int length, PayloadWriter writer) {
    int bytes = RecordLayout.bytesFor(length);
    staging.makeRoom(staged, bytes);
    int at = staged;
    ByteBuffer batch = staging.bytes().clear();
    batch.putLong(at + bytes - 8, 0); // the zeros behind the payload, before it overwrites some
    int payloadAt = at + RecordLayout.HEADER_BYTES;
    writer.write(base + at, batch.limit(payloadAt + length).position(payloadAt));
    if (batch.hasRemaining()) {
      throw new IllegalStateException("the payload of a record of kind " + kind + " lacks "
          + batch.remaining() + " of the " + length + " bytes that were announced");
    }
    batch.clear();
    batch.putLong(at + RecordLayout.POSITION, base + at);
    batch.putInt(at + RecordLayout.EPOCH, epoch);
    batch.putShort(at + RecordLayout.KIND, (short) kind);
    batch.putShort(at + RecordLayout.FLAGS, (short) flags);
    RecordLayout.seal(batch, at, RecordLayout.HEADER_BYTES + length, checksum);
    staged += bytes;
    return appended.moveTo(staging.view(), at);
  }

  /** Records how far the log is durable. */
  void mark(long durable) {
    makePlace(Mark.BYTES, durable);
    boolean isOfAll = durable == end();
    stage(
        RecordLayout.MARK_KIND, 0, Mark.PAYLOAD_BYTES, (position, batch) -> batch.putLong(durable));
    marked = durable;
    witnessed = isOfAll ? end() : witnessed;
  }

  /** Whether no mark or header says that all before this position is durable. */
  boolean lacksWitness(long position) {
    return position > marked && position > witnessed;
  }

  /** Writes what is staged; returns where the log ends now. */
  long write() {
    int bytes = staged;
    flushStaging();
    windows.topUp(current, base, bytes);
    staging.written();
    return base;
  }

  private void flushStaging() {
    fuse.check();
    if (staged == 0) {
      return;
    }
    try {
      current.file().write(staging.bytes().limit(staged).position(0), base - current.start());
    } catch (StorageException e) {
      throw fuse.blow(e);
    } finally {
      staging.bytes().clear();
    }
    current.wroteAt(clock.millis());
    base += staged;
    staged = 0;
  }

  private void makePlace(int bytes, long durable) {
    boolean fresh = end() == current.start();
    int needed = fresh ? SegmentHeader.BYTES + bytes : bytes;
    if (!windows.cover(current, end(), needed, 0)) {
      throw new StorageException(
          Reason.FULL, "the disk is full; " + windows.missingBytes() + " bytes are missing");
    }
    if (end() + needed > current.end()) {
      roll(durable);
    } else if (fresh) {
      stageHeader(durable);
    }
  }

  // The old segment's part of the batch is written before the new segment's header says where the
  // old one ends. If we stop in between, the old one is simply the last.
  private void roll(long durable) {
    flushStaging();
    try {
      goOnInNext(durable);
    } catch (RuntimeException | Error e) { // half done: the two segments do not fit together
      throw fuse.blow(new StorageException(Reason.IO, "no segment could be begun: " + e, e));
    }
  }

  private void goOnInNext(long durable) {
    previousEnd = base;
    previousLastWriteMillis = current.lastWriteMillis();
    Segment next = windows.takeNext();
    current.seal(previousEnd, previousLastWriteMillis);
    segments.add(next);
    current = next;
    base = next.start();
    stageHeader(durable);
  }

  private void stageHeader(long durable) {
    new SegmentHeader(
            current.start(),
            current.capacity(),
            epoch,
            previousEnd,
            previousLastWriteMillis,
            durable,
            secret)
        .writeTo(staging.bytes(), staged, crc);
    staged += SegmentHeader.BYTES;
    marked = durable;
  }
}
