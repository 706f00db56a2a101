package io.escrowmq.store;

import java.nio.ByteBuffer;

/** Goes through the records of a log, oldest first. Owner: one thread. */
final class LogScan {

  private static final int PAGE_BYTES = 4096;

  private final Segments segments;
  private final RecordChecksum checksum;

  LogScan(Segments segments, RecordChecksum checksum) {
    this.segments = segments;
    this.checksum = checksum;
  }

  /**
   * Visits every record from a position to the end; before the first append.
   *
   * @param verifiedFrom what lies behind it was verified a moment ago
   */
  void all(long from, long logEnd, long verifiedFrom, RecordVisitor visitor) {
    for (Segment segment : segments.image()) {
      long end = segment.recordsEnd(logEnd);
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

  /** Visits the whole records from one position to another; what is damaged is passed over. */
  void whole(long from, long to, long logEnd, RecordVisitor visitor) {
    for (Segment segment : segments.image()) {
      long end = segment.recordsEnd(logEnd);
      boolean isAsked = end > segment.start() && end > from && segment.start() <= to;
      SegmentView view = isAsked ? segment.view(end - segment.start()) : null;
      if (view != null) { // not deleted meanwhile
        try {
          whole(segment, view.bytes(), end, record -> {
            if (record.position() >= from && record.position() <= to) {
              visitor.visit(record);
            }
          });
        } finally {
          view.release();
        }
      }
    }
  }

  private void whole(Segment segment, ByteBuffer view, long end, RecordVisitor visitor) {
    LogRecord record = new LogRecord(view);
    int limit = (int) Math.min(end - segment.start(), view.capacity());
    int at = SegmentHeader.BYTES;
    boolean wasWhole = true;
    while (at < limit) {
      if (!isWhole(segment, view, at, limit)) {
        if (wasWhole || at % PAGE_BYTES < 8) { // once a page: another may be readable, or not
          checkDamaged(segment, at, limit);
        }
        wasWhole = false;
        at += 8;
        continue;
      }
      wasWhole = true;
      int next = at + RecordLayout.aligned(view.getInt(at + RecordLayout.LENGTH));
      if (!RecordLayout.isOfTheLog(view, at)) {
        visitor.visit(record.moveTo(view, at));
      }
      at = next;
    }
  }

  private boolean isWhole(Segment segment, ByteBuffer view, int at, int limit) {
    try {
      return RecordLayout.isWhole(view, at, limit, segment.start() + at, checksum);
    } catch (InternalError e) { // a page of the mapping could not be read
      checkDamaged(segment, at, limit);
      return false;
    }
  }

  /**
   * What cannot be read now must not be passed over like damage. The file says which it is: where a page
   * of a mapping cannot be read, compiled code goes on with zeros, and the error comes later.
   */
  private void checkDamaged(Segment segment, int at, int limit) {
    StorageException why = segment.unreadable(segment.start() + at, limit - at, checksum);
    if (why.reason() != StorageException.Reason.CORRUPT) {
      throw why;
    }
  }
}
