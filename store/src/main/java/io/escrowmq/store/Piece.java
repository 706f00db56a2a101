package io.escrowmq.store;

import org.jspecify.annotations.Nullable;

/**
 * A segment as it is on disk, or as it must have been. Immutable.
 *
 * @param header null when there is no whole one
 * @param isMissing there is no such file
 */
record Piece(long start, @Nullable SegmentHeader header, int capacity, boolean isMissing) {

  long end() {
    return start + capacity;
  }
}
