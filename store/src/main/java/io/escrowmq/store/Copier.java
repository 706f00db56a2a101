package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The end of a log that is a copy of another one: takes its bytes over as they are, at the same positions.
 * Believes nothing: each record is checked before it is written. Owner: one thread.
 *
 * <p>Marks and segment headers say how far a <em>disk</em> has the log. So each machine puts in its own
 * durable position; all other bytes are equal.
 *
 * <p>Crash argument: that of {@link Tail}. Nothing stands behind the end that was not written by this
 * log; what a failed write left there is written over by the same bytes.
 */
final class Copier {

  /**
   * What was taken.
   *
   * @param end of the log now
   * @param wanted how many bytes the next record or header takes, of which there were fewer; 0 if nobody
   *     can tell
   */
  record Copied(long end, int wanted) {}

  private static final int GROWTH_BYTES = 4 * 1024 * 1024;

  private final FileSystem files;
  private final Segments segments;
  private final InstantSource clock;
  private final Fuse fuse;
  private final long secret;
  private final RecordChecksum checksum;
  private final CRC32C crc = new CRC32C();
  private LogEnd end;
  private int wanted;

  Copier(
      FileSystem files,
      Segments segments,
      InstantSource clock,
      Fuse fuse,
      long secret,
      LogEnd end) {
    this.files = files;
    this.segments = segments;
    this.clock = clock;
    this.fuse = fuse;
    this.secret = secret;
    this.checksum = new RecordChecksum(secret);
    this.end = end;
  }

  LogEnd end() {
    return end;
  }

  /**
   * Takes the whole records of a chunk.
   *
   * @param at where in the log the chunk begins: at the end, or where the next segment starts
   * @param chunk from its position to its limit, of one segment; marks in it are changed
   * @param durable everything before it was synced here
   * @throws BadCopyException when something in it is not what follows in the log
   * @throws StorageException with reason {@code FULL} when the disk is full: nothing was taken, and the
   *     same may be tried again
   */
  Copied copy(long at, ByteBuffer chunk, long durable) {
    fuse.check();
    ByteBuffer bytes = chunk.slice();
    wanted = 0;
    boolean beginsSegment =
        at != end.position() || end.isFresh() || at == end.last().end();
    int from = beginsSegment ? header(at, bytes, durable) : 0;
    if (beginsSegment && from == 0) {
      return new Copied(end.position(), wanted);
    }
    LogEnd behind = records(bytes, from, durable);
    write(bytes, at, behind);
    return new Copied(end.position(), wanted);
  }

  /** What lies behind a position, at which a record begins, is gone. */
  void cut(long position, int lastEpoch) {
    Segment last;
    @Nullable SegmentHeader header;
    try {
      last = segments.cut(
          position, new CutRecords(files, segments.directory(), checksum, clock.millis()));
      header = position == last.start() ? null : headerOf(last);
    } catch (StorageException e) {
      throw fuse.blow(e);
    }
    if (header == null) { // nothing is left
      end = new LogEnd(last, position, 0, position, position, position, clock.millis());
      return;
    }
    end = new LogEnd(
        last,
        position,
        Math.max(lastEpoch, header.epoch()),
        Math.min(end.marked(), position),
        0,
        header.previousEnd(),
        header.previousLastWriteMillis());
  }

  private SegmentHeader headerOf(Segment segment) {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
    segment.file().read(bytes, 0);
    SegmentHeader header = SegmentHeader.read(bytes.clear(), 0, segment.start(), crc);
    if (header == null) {
      throw segment.damaged(segment.start());
    }
    return header;
  }

  /** The length of the header; 0 when it is not all there. */
  private int header(long at, ByteBuffer bytes, long durable) {
    if (bytes.remaining() < SegmentHeader.BYTES) {
      wanted = SegmentHeader.BYTES;
      return 0;
    }
    long expected = end.isFresh() ? end.last().start() : end.last().end();
    SegmentHeader header = at == expected ? SegmentHeader.read(bytes, 0, at, crc) : null;
    long previousEnd = end.isFresh() ? end.previousEnd() : end.position();
    if (header == null) {
      throw new BadCopyException("no segment begins at " + at + ", where one was expected at "
          + expected + " behind the end " + end.position());
    }
    if (header.secret() != secret || header.previousEnd() != previousEnd) {
      throw new BadCopyException(
          "the segment at " + at + " is of another log: the one before ends at "
              + header.previousEnd() + " there, at " + previousEnd + " here");
    }
    checkEpoch(header.epoch(), end.lastEpoch(), at);
    SegmentHeader own = new SegmentHeader(
        at,
        header.capacity(),
        header.epoch(),
        previousEnd,
        header.previousLastWriteMillis(),
        durable,
        secret);
    own.writeTo(bytes, 0, crc);
    begin(own);
    return SegmentHeader.BYTES;
  }

  // A file that was begun for another size, or left over from a failed write, has nothing in it.
  private void begin(SegmentHeader header) {
    if (!end.isFresh()) {
      end.last().seal(header.previousEnd(), header.previousLastWriteMillis());
    } else if (end.last().capacity() != header.capacity()) {
      segments.dropLast();
    } else {
      end = new LogEnd(
          end.last(),
          end.position(),
          header.epoch(),
          header.durable(),
          0,
          header.previousEnd(),
          header.previousLastWriteMillis());
      return;
    }
    Segment next = segments.open(header.start(), header.capacity());
    next.file().truncate(0);
    segments.add(next);
    end = new LogEnd(
        next,
        next.start(),
        header.epoch(),
        header.durable(),
        0,
        header.previousEnd(),
        header.previousLastWriteMillis());
  }

  /** Checks what follows; tells where the log will end. */
  private LogEnd records(ByteBuffer bytes, int from, long durable) {
    LogEnd behind = end.behind(end.position() + from, end.lastEpoch());
    int at = from;
    int limit = bytes.limit();
    while (limit - at >= RecordLayout.HEADER_BYTES) {
      int length = bytes.getInt(at + RecordLayout.LENGTH);
      long position = behind.position();
      if (length < RecordLayout.HEADER_BYTES
          || length > behind.last().end() - position
          || bytes.getLong(at + RecordLayout.POSITION) != position) {
        throw bad(position);
      }
      int taken = RecordLayout.aligned(length);
      if (taken > limit - at) {
        wanted = taken;
        break;
      }
      if (bytes.getInt(at + RecordLayout.CHECKSUM) != checksum.of(bytes, at, length)) {
        throw bad(position);
      }
      int epoch = bytes.getInt(at + RecordLayout.EPOCH);
      checkEpoch(epoch, behind.lastEpoch(), position);
      if (Mark.isMark(bytes, at)) {
        bytes.putLong(at + RecordLayout.HEADER_BYTES, durable);
        RecordLayout.seal(bytes, at, length, checksum);
        behind =
            behind.marked(durable, durable == position ? position + taken : behind.witnessed());
      }
      at += taken;
      behind = behind.behind(position + taken, epoch);
    }
    return behind;
  }

  private BadCopyException bad(long position) {
    return new BadCopyException("no whole record of this log is at position " + position);
  }

  private static void checkEpoch(int epoch, int epochBefore, long at) {
    if (epoch < epochBefore) {
      throw new BadCopyException("what is at " + at + " was written in epoch " + epoch
          + ", what is before it in epoch " + epochBefore);
    }
  }

  private void write(ByteBuffer bytes, long at, LogEnd behind) {
    Segment segment = behind.last();
    int length = (int) (behind.position() - at);
    long offset = at - segment.start();
    try {
      grow(segment, offset + length);
      segment.file().write(bytes.limit(length).position(0), offset);
    } catch (StorageException e) {
      throw e.reason() == Reason.FULL ? e : fuse.blow(e);
    }
    segment.wroteAt(clock.millis());
    end = behind;
  }

  // In large steps, or readers would map the file anew behind each chunk.
  private static void grow(Segment segment, long bytes) {
    if (bytes > segment.file().size()) {
      segment.file().truncate(Math.min(segment.capacity(), bytes + GROWTH_BYTES));
    }
  }
}
