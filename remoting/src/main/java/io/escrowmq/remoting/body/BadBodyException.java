package io.escrowmq.remoting.body;

/** A body that cannot be read; the sender's fault. */
public final class BadBodyException extends RuntimeException {

  public BadBodyException(String message) {
    super(message, null, false, false);
  }
}
