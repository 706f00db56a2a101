package io.escrowmq.namesrv;

/** A body makes no sense or is too much; the sender's fault. The message says what, and the limit. */
final class BadBodyException extends Exception {

  BadBodyException(String message) {
    super(message, null, false, false);
  }
}
