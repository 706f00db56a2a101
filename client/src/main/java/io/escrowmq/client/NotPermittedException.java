package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The server does not allow it: the topic or the group must not be used so. Nothing happened.
 */
public final class NotPermittedException extends EscrowException {

  public NotPermittedException(String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
