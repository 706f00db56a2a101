package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The server has not answered in time. What was asked may have happened or not; it can be asked
 * again.
 */
public final class RequestTimeoutException extends EscrowException {

  public RequestTimeoutException(
      String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, true, cause);
  }
}
