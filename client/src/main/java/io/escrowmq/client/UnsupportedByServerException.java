package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The server does not know the request: it is an extension of EscrowMQ, and the server is a RocketMQ
 * or an older EscrowMQ. Nothing happened.
 */
public final class UnsupportedByServerException extends EscrowException {

  public UnsupportedByServerException(
      String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
