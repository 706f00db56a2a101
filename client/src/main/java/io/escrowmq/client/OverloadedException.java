package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * This client has too much under way already. Nothing was sent; wait until some of it is answered.
 */
public final class OverloadedException extends EscrowException {

  public OverloadedException(String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
