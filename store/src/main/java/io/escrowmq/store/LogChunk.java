package io.escrowmq.store;

import java.nio.ByteBuffer;

/**
 * Some bytes of a log as they stand in one of its segments, to be copied elsewhere. They begin where a record
 * or a segment begins, and may end anywhere. Close it once; any thread.
 */
public final class LogChunk implements AutoCloseable {

  private final long position;
  private final SegmentView view;
  private final ByteBuffer bytes;

  LogChunk(long position, SegmentView view, ByteBuffer bytes) {
    this.position = position;
    this.view = view;
    this.bytes = bytes;
  }

  /** Where in the log the first byte lies. */
  public long position() {
    return position;
  }

  /** The bytes, read-only, with a position and a limit of the caller's own; valid until the end. */
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  @Override
  public void close() {
    view.release();
  }
}
