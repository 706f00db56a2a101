package io.escrowmq.store;

import java.nio.ByteBuffer;

/**
 * The memory that a batch is collected in before it is written in one go. Owner: the log loop. It grows with
 * a large batch, and does not stay large: the memory is not the heap's, and nobody else can have it.
 */
final class Staging {

  /** A buffer that has grown beyond it is given up after the write. */
  private static final int MOST_KEPT_BYTES = 8 * 1024 * 1024;

  private final ByteBuffer first; // used again when a larger one is given up
  private ByteBuffer bytes;
  private ByteBuffer view;

  Staging(int firstBytes) {
    first = ByteBuffer.allocateDirect(firstBytes);
    bytes = first;
    view = first.asReadOnlyBuffer();
  }

  /** Written into at absolute places; position and limit are its user's for a moment. */
  ByteBuffer bytes() {
    return bytes;
  }

  /** The same, to be read. */
  ByteBuffer view() {
    return view;
  }

  /** Makes room for so many bytes behind those that are staged, which it keeps. */
  void makeRoom(int staged, int more) {
    if (bytes.capacity() - staged >= more) {
      return;
    }
    int capacity = Math.max(bytes.capacity() * 2, staged + more);
    ByteBuffer larger = ByteBuffer.allocateDirect(capacity);
    larger.put(bytes.limit(staged).position(0)).clear();
    use(larger);
  }

  /** The batch is written, and nothing is staged. */
  void written() {
    if (bytes.capacity() > MOST_KEPT_BYTES) {
      use(first);
    }
  }

  private void use(ByteBuffer buffer) {
    bytes = buffer;
    view = buffer.asReadOnlyBuffer();
  }
}
