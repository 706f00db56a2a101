package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * No broker has confirmed the message within its time. It may be stored or not. To send it again may
 * make it a second message for consumers, unless they recognize its key.
 */
public final class SendTimeoutException extends EscrowException {

  public SendTimeoutException(String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, true, cause);
  }
}
