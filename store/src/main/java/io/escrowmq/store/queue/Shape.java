package io.escrowmq.store.queue;

/**
 * Where the entries of one queue are: sealed chunks, then the tail in memory. Replaced as a whole, so
 * that a reader who takes it once sees every offset exactly once. Of the tail only the words of
 * published entries may be read; they never change.
 */
final class Shape {

  static final Shape EMPTY = new Shape(ChunkDirectory.EMPTY, 0, new long[0]);

  final ChunkDirectory chunks;
  final long tailFirst;
  final long[] tail;

  Shape(ChunkDirectory chunks, long tailFirst, long[] tail) {
    this.chunks = chunks;
    this.tailFirst = tailFirst;
    this.tail = tail;
  }

  /** The offset after the last entry of the chunk. */
  long chunkEnd(int index) {
    return index + 1 < chunks.size() ? chunks.firstOffset(index + 1) : tailFirst;
  }
}
