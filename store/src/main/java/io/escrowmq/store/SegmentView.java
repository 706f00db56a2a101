package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A read-only mapping of a segment file from its start, counted: it ends when the segment and the
 * last reader have let go of it, never under a reader. Any thread.
 */
final class SegmentView {

  private final StoreFile file;
  private final ByteBuffer bytes;

  /** One user is the segment itself, until it has a larger view or is given up. */
  private final AtomicInteger users = new AtomicInteger(1);

  SegmentView(StoreFile file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  int capacity() {
    return bytes.capacity();
  }

  /** The bytes, with a position and a limit of the caller's own. */
  ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** Counts one more user; false when the mapping has ended. */
  boolean retain() {
    int now = users.get();
    while (now > 0) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
      now = users.get();
    }
    return false;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      file.unmap(bytes);
    }
  }
}
