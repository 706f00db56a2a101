package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The broker cannot read the condition of a {@link Filter}, or does not filter by conditions. Nothing
 * is consumed; the message says what it found where.
 */
public final class FilterRefusedException extends EscrowException {

  public FilterRefusedException(
      String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
