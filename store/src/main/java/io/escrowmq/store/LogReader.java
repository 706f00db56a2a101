package io.escrowmq.store;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads many records cheaply: keeps what it has touched mapped until it is closed, and moves one
 * {@link LogRecord} over it. One thread at a time; close it once.
 */
public final class LogReader implements AutoCloseable {

  /** A record in front of a damaged one that is larger counts as damaged, too: hardly any is. */
  private static final int MOST_LOOKED_BACK = 32 << 20;

  private final CommitLog log;
  private final boolean isOfTurn;
  private final RecordChecksum checksum;
  private final List<HeldSegment> held = new ArrayList<>(2);
  private final LogRecord record = new LogRecord(ByteBuffer.allocate(0));

  /** @param isOfTurn reads what is written, too; else only what is visible */
  LogReader(CommitLog log, boolean isOfTurn) {
    this.log = log;
    this.isOfTurn = isOfTurn;
    this.checksum = log.newChecksum();
  }

  /**
   * The record at this position, checked; null when retention deleted it. Valid until the next
   * call; slices of its payload stay valid until {@link #close}.
   *
   * @throws StorageException with reason {@code CORRUPT} when the record is damaged for good: its
   *     bytes are wrong, or missing from the file; with reason {@code IO} when it cannot be read
   *     now: the position is not visible yet, or the disk or the system failed
   */
  public @Nullable LogRecord read(long position) {
    long end = end();
    if (position >= end) {
      throw new StorageException(
          Reason.IO,
          "position " + position
              + " cannot be read yet: what is there is not as safe as it has to be;"
              + " the log can be read up to " + end);
    }
    HeldSegment in = heldOf(position, end);
    if (in == null) {
      return null;
    }
    int at = (int) (position - in.segment.start());
    if (!isWhole(in, at, position)) {
      throw in.segment.unreadable(position, in.limit - at, checksum);
    }
    if (RecordLayout.isOfTheLog(in.bytes, at)) { // repair put it where bytes were lost
      throw in.segment.damaged(position);
    }
    return record.moveTo(in.bytes, at);
  }

  private long end() {
    return isOfTurn ? log.written() : log.visible();
  }

  private boolean isWhole(HeldSegment in, int at, long position) {
    try {
      return RecordLayout.isWhole(in.bytes, at, in.limit, position, checksum);
    } catch (InternalError e) { // a page of the mapping could not be read; the file says why
      return false;
    }
  }

  /** The same, when the length is known from elsewhere; another length counts as damage. */
  public @Nullable LogRecord read(long position, int recordLength) {
    LogRecord found = read(position);
    if (found != null && found.recordLength() != recordLength) {
      throw new StorageException(
          Reason.CORRUPT,
          "the record at position " + position + " has " + found.recordLength() + " bytes, but "
              + recordLength + " were expected");
    }
    return found;
  }

  /**
   * Whether a record that is damaged lies between whole ones: so one lost record is told from a lost part
   * of the log. Its neighbours are those in the log, whatever they hold and in whichever segment; what was
   * deleted, or is not visible yet, does not count.
   */
  public boolean isDamagedAlone(long position, int recordLength) {
    try {
      long end = end();
      HeldSegment in = heldOf(position, end);
      return in != null
          && isWholeBehind(in, position + RecordLayout.aligned(recordLength), end)
          && isWholeInFront(in, position, end);
    } catch (StorageException | InternalError e) {
      return false;
    }
  }

  private boolean isWholeInFront(HeldSegment in, long position, long end) {
    if (position > in.firstRecord()) {
      return endsWhole(in, position);
    }
    Segment before = log.find(in.segment.start() - 1);
    HeldSegment held = before == null ? null : heldOf(before.start(), end);
    return held == null || held.end <= held.firstRecord() || endsWhole(held, held.end);
  }

  private boolean isWholeBehind(HeldSegment in, long next, long end) {
    if (next != in.end) {
      return next < in.end && isWholeAt(in, next);
    }
    long first = in.segment.end() + SegmentHeader.BYTES;
    HeldSegment held = first < end ? heldOf(first, end) : null;
    return held == null || isWholeAt(held, first);
  }

  private boolean isWholeAt(HeldSegment in, long position) {
    int at = (int) (position - in.segment.start());
    return RecordLayout.isWhole(in.bytes, at, in.limit, position, checksum);
  }

  // Records say their position, not where the one in front begins. So that one is looked for
  // backwards: a whole record that says that it begins there, and ends here.
  private boolean endsWhole(HeldSegment in, long end) {
    int at = (int) (end - in.segment.start());
    if (at > in.limit) {
      return false;
    }
    in.bytes.clear();
    int lowest = Math.max(SegmentHeader.BYTES, at - MOST_LOOKED_BACK);
    for (int i = at - RecordLayout.HEADER_BYTES; i >= lowest; i -= 8) {
      long position = in.segment.start() + i;
      if (in.bytes.getLong(i + RecordLayout.POSITION) == position
          && RecordLayout.aligned(in.bytes.getInt(i + RecordLayout.LENGTH)) == at - i
          && isWholeAt(in, position)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable HeldSegment heldOf(long position, long logEnd) {
    for (int i = 0; i < held.size(); i++) {
      HeldSegment in = held.get(i);
      if (in.segment.start() <= position && position < in.end) {
        return in;
      }
    }
    Segment segment = log.find(position);
    if (segment == null) {
      return null;
    }
    long end = segment.recordsEnd(logEnd);
    SegmentView view = segment.view(end - segment.start());
    if (view == null) {
      log.checkOpen();
      return null; // deleted a moment ago
    }
    // Smaller than the end when somebody cut the file.
    int limit = (int) Math.min(end - segment.start(), view.capacity());
    HeldSegment in = new HeldSegment(segment, view, view.bytes(), end, limit);
    held.add(in);
    return in;
  }

  @Override
  public void close() {
    held.forEach(in -> in.view.release());
    held.clear();
  }

  /**
   * A view in use.
   *
   * @param end the position where the records of the segment end
   * @param limit the index in the view behind the last byte that may be read
   */
  private record HeldSegment(
      Segment segment, SegmentView view, ByteBuffer bytes, long end, int limit) {

    long firstRecord() {
      return segment.start() + SegmentHeader.BYTES;
    }
  }
}
