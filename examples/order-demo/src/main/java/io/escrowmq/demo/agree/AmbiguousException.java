package io.escrowmq.demo.agree;

/** The database may have committed, or has, and what became of the message is not known. */
public final class AmbiguousException extends RuntimeException {

  AmbiguousException(String message, Throwable cause) {
    super(message, cause);
  }
}
