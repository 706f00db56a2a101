package io.escrowmq.store.queue;

/**
 * Keys in the order in which they came. One writer, any reader: columns are written before the
 * volatile count covers them, and never change after that.
 */
final class MemoryRun {

  static final int ENTRY_BYTES = 3 * Long.BYTES;

  private final long[] hashes;
  private final long[] positions;
  private final long[] times;
  private volatile int count;

  MemoryRun(int entries) {
    hashes = new long[entries];
    positions = new long[entries];
    times = new long[entries];
  }

  int count() {
    return count;
  }

  long hash(int index) {
    return hashes[index];
  }

  long position(int index) {
    return positions[index];
  }

  long timeMillis(int index) {
    return times[index];
  }

  /** Adds an entry; false when the run is full and nothing was added. */
  boolean add(long hash, long position, long timeMillis) {
    int index = count;
    if (index == hashes.length) {
      return false;
    }
    hashes[index] = hash;
    positions[index] = position;
    times[index] = timeMillis;
    count = index + 1;
    return true;
  }

  // a scan: key queries are rare, and an index beside it would cost each message
  void find(KeyMatches into) {
    for (int i = count - 1; i >= 0 && !into.isFull(); i--) {
      if (hashes[i] == into.hash()) {
        into.offer(positions[i], times[i]);
      }
    }
  }
}
