package io.escrowmq.store;

import org.jspecify.annotations.Nullable;

/**
 * Reads many records cheaply: keeps the segments it has touched from being unmapped until it is
 * closed, and moves one {@link LogRecord} over them. One thread at a time; close it once.
 */
@SuppressWarnings("DoNotCallSuggester") // the signatures come first, the body follows
public final class LogReader implements AutoCloseable {

  LogReader() {}

  /**
   * The record at this position, checked; null when retention deleted it. Valid until the next call;
   * slices of its payload stay valid until {@link #close}.
   *
   * @throws StorageException with reason {@code CORRUPT} when it is damaged
   */
  public @Nullable LogRecord read(long position) {
    throw new UnsupportedOperationException("position " + position);
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
