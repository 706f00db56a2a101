package io.escrowmq.store;

import java.nio.ByteBuffer;

/** A record that a reader of its own stands on. One thread at a time. */
final class LeasedSlice implements LogSlice {

  private final LogReader reader;
  private final LogRecord record;

  LeasedSlice(LogReader reader, LogRecord record) {
    this.reader = reader;
    this.record = record;
  }

  @Override
  public RecordKind kind() {
    return record.kind();
  }

  @Override
  public int flags() {
    return record.flags();
  }

  @Override
  public int epoch() {
    return record.epoch();
  }

  @Override
  public ByteBuffer payload() {
    return record.payload();
  }

  @Override
  public void close() {
    reader.close();
  }
}
