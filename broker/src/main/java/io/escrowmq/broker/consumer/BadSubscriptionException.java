package io.escrowmq.broker.consumer;

/** A subscription that cannot be read; the sender's fault. The message says what is wrong. */
public final class BadSubscriptionException extends RuntimeException {

  BadSubscriptionException(String message) {
    super(message, null, false, false);
  }
}
