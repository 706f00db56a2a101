package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The client, producer or consumer is closed. Nothing happened.
 */
public final class ClosedException extends EscrowException {

  public ClosedException(String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
