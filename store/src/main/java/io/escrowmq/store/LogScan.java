package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Goes through the records of a log, oldest first. Owner: one thread. */
final class LogScan {

  /** Ends a scan at the first part that cannot be read now. */
  static final ObjLongConsumer<StorageException> REFUSED = (why, goesOnAt) -> {
    throw why;
  };

  private static final int PAGE_BYTES = 4096;

  private final Segments segments;
  private final RecordChecksum checksum;

  LogScan(Segments segments, RecordChecksum checksum) {
    this.segments = segments;
    this.checksum = checksum;
  }

  /**
   * Visits every record from a position to another one; nothing is appended meanwhile.
   *
   * @param verifiedFrom what lies behind it was verified a moment ago
   */
  void all(long from, long logEnd, long verifiedFrom, RecordVisitor visitor) {
    for (Segment segment : segments.image()) {
      long end = Math.min(logEnd, segment.recordsEnd(logEnd));
      if (end > from && end > segment.start()) {
        long first = Math.max(from, segment.start() + SegmentHeader.BYTES);
        segment.read(end, bytes -> all(segment, bytes, first, end, verifiedFrom, visitor));
      }
    }
  }

  private long all(
      Segment segment,
      ByteBuffer view,
      long from,
      long end,
      long verifiedFrom,
      RecordVisitor visitor) {
    LogRecord record = new LogRecord(view);
    int limit = (int) Math.min(end - segment.start(), view.capacity());
    long position = from;
    while (position < end) {
      int at = (int) (position - segment.start());
      if (position < verifiedFrom && !RecordLayout.isWhole(view, at, limit, position, checksum)) {
        throw segment.damaged(position);
      }
      record.moveTo(view, at);
      position += RecordLayout.aligned(record.recordLength());
      if (!RecordLayout.isOfTheLog(view, at)) {
        visitor.visit(record);
      }
    }
    return position;
  }

  /**
   * Visits the whole records that begin from one position to another. What is damaged is passed over;
   * so is what cannot be read now, but that is told, with the position where it goes on.
   */
  void whole(
      long from,
      long to,
      long logEnd,
      RecordVisitor visitor,
      ObjLongConsumer<StorageException> unreadable) {
    for (Segment segment : segments.image()) {
      long end = segment.recordsEnd(logEnd);
      if (end > segment.start() && end > from && segment.start() <= to) {
        whole(segment, from, to, end, visitor, unreadable);
      }
    }
  }

  private void whole(
      Segment segment,
      long from,
      long to,
      long end,
      RecordVisitor visitor,
      ObjLongConsumer<StorageException> unreadable) {
    SegmentView view;
    try {
      view = segment.view(end - segment.start());
    } catch (StorageException e) {
      unreadable.accept(e, end);
      return;
    }
    if (view != null) { // not deleted meanwhile
      try {
        long first = Math.max(SegmentHeader.BYTES, from - segment.start() + 7 & -8);
        int limit = (int) Math.min(end - segment.start(), view.bytes().capacity());
        int last = (int) Math.min(limit - 1, to - segment.start());
        whole(segment, view.bytes(), (int) first, last, limit, visitor, unreadable);
      } finally {
        view.release();
      }
    }
  }

  private void whole(
      Segment segment,
      ByteBuffer view,
      int first,
      int last,
      int limit,
      RecordVisitor visitor,
      ObjLongConsumer<StorageException> unreadable) {
    LogRecord record = new LogRecord(view);
    int at = first;
    boolean wasWhole = true;
    while (at <= last) {
      if (isWhole(segment, view, at, limit)) {
        wasWhole = true;
        int next = at + RecordLayout.aligned(view.getInt(at + RecordLayout.LENGTH));
        if (!RecordLayout.isOfTheLog(view, at)) {
          visitor.visit(record.moveTo(view, at));
        }
        at = next;
        continue;
      }
      // once a page: another may be readable, or not
      StorageException why = wasWhole || at % PAGE_BYTES < 8 ? whyNotNow(segment, at, limit) : null;
      wasWhole = false;
      at = why == null ? at + 8 : (at / PAGE_BYTES + 1) * PAGE_BYTES;
      if (why != null) {
        unreadable.accept(why, segment.start() + at);
      }
    }
  }

  private boolean isWhole(Segment segment, ByteBuffer view, int at, int limit) {
    try {
      return RecordLayout.isWhole(view, at, limit, segment.start() + at, checksum);
    } catch (InternalError e) { // a page of the mapping could not be read; asking the file tells
      return false;
    }
  }

  /**
   * What cannot be read now must not be passed over like damage. The file says which it is: where a page
   * of a mapping cannot be read, compiled code goes on with zeros, and the error comes later.
   */
  private @Nullable StorageException whyNotNow(Segment segment, int at, int limit) {
    StorageException why = segment.unreadable(segment.start() + at, limit - at, checksum);
    return why.reason() == StorageException.Reason.CORRUPT ? null : why;
  }
}
