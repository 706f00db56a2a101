package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * A broker has the request, and no reply came in time. A consumer may have handled it, or may handle it
 * yet; its reply will be dropped.
 */
public final class ReplyTimeoutException extends EscrowException {

  public ReplyTimeoutException(String message, @Nullable Throwable cause) {
    super(message, null, true, cause);
  }
}
