package io.escrowmq.store;

import java.nio.ByteBuffer;

/**
 * Says in which epoch what was written: it asks the records and segment headers themselves, so it never
 * contradicts them. Headers lead to the segment, in which records are looked at one by one. For whoever
 * connects to another replica, not for each message. Any thread.
 */
final class Epochs {

  /** Sees where records of a segment begin and end. */
  private interface Look {
    /** False ends the walk. */
    boolean at(int epoch, long begin, long end);
  }

  private final Segments segments;

  Epochs(Segments segments) {
    this.segments = segments;
  }

  /** Where the records and segment headers of an epoch, and of all before it, end. */
  long endOf(int epoch, long written) {
    Segment[] all = segments.image();
    for (int i = all.length - 1; i >= 0; i--) {
      Segment segment = all[i];
      if (segment.recordsEnd(written) > segment.start() && epochOf(segment) <= epoch) {
        long[] end = {segment.start() + SegmentHeader.BYTES};
        walk(segment, written, (of, begin, behind) -> {
          end[0] = of <= epoch ? behind : end[0];
          return of <= epoch;
        });
        return end[0];
      }
    }
    return all[0].start();
  }

  /**
   * The epoch of the last record or segment header before a position, at which a record begins or the log
   * ends; 0: none.
   */
  int before(long position, long written) {
    Segment[] all = segments.image();
    for (int i = all.length - 1; i >= 0; i--) {
      Segment segment = all[i];
      if (segment.start() + SegmentHeader.BYTES <= position
          && segment.recordsEnd(written) > segment.start()) {
        int[] last = {epochOf(segment)};
        walk(segment, written, (of, begin, behind) -> {
          last[0] = begin < position ? of : last[0];
          return begin < position;
        });
        return last[0];
      }
    }
    return 0;
  }

  /** Whether the log can be cut there and ends with a whole record then, or with nothing at all. */
  boolean isBetweenRecords(long position, long written) {
    for (Segment segment : segments.image()) {
      long end = segment.recordsEnd(written);
      if (position == segment.start() || position == end) {
        return true;
      }
      if (position > segment.start() && position < end) {
        boolean[] isBetween = {false};
        walk(segment, written, (of, begin, behind) -> {
          isBetween[0] = begin == position;
          return begin < position;
        });
        return isBetween[0];
      }
    }
    return false;
  }

  private static int epochOf(Segment segment) {
    long[] epoch = new long[1];
    segment.read(segment.start() + SegmentHeader.BYTES, bytes -> {
      epoch[0] = SegmentHeader.epoch(bytes, 0);
      return 0;
    });
    return (int) epoch[0];
  }

  private static void walk(Segment segment, long written, Look look) {
    long end = segment.recordsEnd(written);
    segment.read(end, bytes -> walk(segment, bytes, end, look));
  }

  private static long walk(Segment segment, ByteBuffer bytes, long end, Look look) {
    long position = segment.start() + SegmentHeader.BYTES;
    while (position < end) {
      int at = (int) (position - segment.start());
      int length = bytes.getInt(at + RecordLayout.LENGTH);
      if (length < RecordLayout.HEADER_BYTES || length > end - position) {
        throw segment.damaged(position);
      }
      long behind = position + RecordLayout.aligned(length);
      if (!look.at(bytes.getInt(at + RecordLayout.EPOCH), position, behind)) {
        break;
      }
      position = behind;
    }
    return position;
  }
}
