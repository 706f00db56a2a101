package io.escrowmq.broker.connected;

/** A subscription that cannot be read; its sender's fault. The message says what is wrong. */
final class BadSubscriptionException extends RuntimeException {

  BadSubscriptionException(String message) {
    super(message, null, false, false);
  }
}
