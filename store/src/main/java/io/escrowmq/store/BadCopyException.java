package io.escrowmq.store;

/**
 * What should be copied into a log is no part of the log that it is a copy of. Nothing of it from there on
 * was written; what came before it was.
 */
public final class BadCopyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadCopyException(String message) {
    super(message);
  }
}
