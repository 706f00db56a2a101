package io.escrowmq.store;

import java.nio.ByteBuffer;

/** Writes a record's payload into the batch, once it is known where the record lies. */
@FunctionalInterface
public interface PayloadWriter {

  /**
   * Writes exactly as many bytes as were announced, from the buffer's position to its limit. If it throws,
   * nothing is recorded.
   *
   * @param position where the record begins
   */
  void write(long position, ByteBuffer batch);
}
