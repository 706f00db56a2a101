package io.escrowmq.replication;

/** Bytes that are no state, command or book of this format. The message says what is wrong with them. */
public final class StateFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StateFormatException(String message) {
    super(message);
  }

  StateFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
