package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * A reply has no receiver: the message that it replies to is no request, or whoever asked is no
 * longer connected.
 */
public final class NoRequesterException extends EscrowException {

  public NoRequesterException(String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
