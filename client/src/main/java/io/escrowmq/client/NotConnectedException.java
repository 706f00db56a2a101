package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The server cannot be reached. Nothing happened; check address and network, try again later.
 */
public final class NotConnectedException extends EscrowException {

  public NotConnectedException(String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
