package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * No broker would take the message: not reachable, not writable, or busy. It is not stored; send it
 * again later.
 */
public final class NotWritableException extends EscrowException {

  public NotWritableException(String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
