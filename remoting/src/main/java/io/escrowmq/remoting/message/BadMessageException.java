package io.escrowmq.remoting.message;

/** Bytes that are no message, or a message that does not fit its layout; the sender's fault. */
public final class BadMessageException extends RuntimeException {

  public BadMessageException(String message) {
    super(message, null, false, false);
  }
}
