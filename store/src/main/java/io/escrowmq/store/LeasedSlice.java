package io.escrowmq.store;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A record that a reader of its own stands on. One thread at a time. */
final class LeasedSlice implements LogSlice {

  private final LogReader reader;
  private final LogRecord record;

  private LeasedSlice(LogReader reader, LogRecord record) {
    this.reader = reader;
    this.record = record;
  }

  /** What is read, with the reader, which is closed with it; null, and the reader closed, when there is nothing. */
  static @Nullable LogSlice of(LogReader reader, Function<LogReader, @Nullable LogRecord> reading) {
    LogRecord record = null;
    try {
      record = reading.apply(reader);
    } finally {
      if (record == null) {
        reader.close();
      }
    }
    return record == null ? null : new LeasedSlice(reader, record);
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
