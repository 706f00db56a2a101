package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The message cannot be sent as it is: too large, a name or a delay that is not allowed. It is not
 * stored; to repeat it is of no use.
 */
public final class MessageRefusedException extends EscrowException {

  public MessageRefusedException(
      String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
