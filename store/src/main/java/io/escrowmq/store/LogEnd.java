package io.escrowmq.store;

/**
 * Where a log goes on, and what it must know for that. Immutable.
 *
 * @param last the segment that is written
 * @param position behind its last record; the segment's start when it has no header yet
 * @param lastEpoch of the last record, or of the segment's header
 * @param marked what the last mark or segment header said of what is durable
 * @param witnessed where the last mark ends when it said that all before it is durable
 * @param previousEnd where the records of the segment before end
 * @param previousLastWriteMillis when the segment before was last written to
 */
record LogEnd(
    Segment last,
    long position,
    int lastEpoch,
    long marked,
    long witnessed,
    long previousEnd,
    long previousLastWriteMillis) {

  /** Whether the last segment has no header yet. */
  boolean isFresh() {
    return position == last.start();
  }

  /** Whether the last record is a mark that witnesses all before it. */
  boolean isSealed() {
    return witnessed == position;
  }

  /** Behind more records of the same segment. */
  LogEnd behind(long end, int epoch) {
    return new LogEnd(last, end, epoch, marked, witnessed, previousEnd, previousLastWriteMillis);
  }

  /** After a mark, or a header, that said how far the log was durable. */
  LogEnd marked(long durable, long witness) {
    return new LogEnd(
        last, position, lastEpoch, durable, witness, previousEnd, previousLastWriteMillis);
  }
}
