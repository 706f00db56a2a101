package io.escrowmq.broker.filter;

/** An expression that cannot be read; its writer's fault. The message says what is wrong, and where. */
public final class BadFilterException extends RuntimeException {

  /** The column counts the characters of the whole expression from 1, also over lines. */
  BadFilterException(int column, String what) {
    super("column " + column + ": " + what, null, false, false);
  }
}
