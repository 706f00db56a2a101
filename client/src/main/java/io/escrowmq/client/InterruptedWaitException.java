package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited for an answer; its interrupt flag is set again. What was
 * asked for may have happened or not.
 */
public final class InterruptedWaitException extends EscrowException {

  public InterruptedWaitException(
      String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, true, cause);
  }
}
