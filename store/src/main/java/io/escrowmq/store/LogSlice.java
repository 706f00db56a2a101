package io.escrowmq.store;

import java.nio.ByteBuffer;

/** One verified record, read from the log; its bytes stay where they are until it is closed. */
public interface LogSlice extends AutoCloseable {

  RecordKind kind();

  int flags();

  int epoch();

  /** Read-only, from its position to its limit; nobody may touch it after {@link #close}. */
  ByteBuffer payload();

  @Override
  void close();
}
