package io.escrowmq.broker.filter;

/**
 * What a condition says of a message. A message is wanted when all of the expression is {@link #TRUE}.
 */
enum Truth {
  TRUE,
  FALSE,
  /** Not to be known, because a property is not there. */
  UNKNOWN,
  /**
   * Values were compared that cannot be: a number with a text that is none, say. Ends the judgement
   * of this message, whatever stands behind.
   */
  FAILED;

  static Truth of(boolean holds) {
    return holds ? TRUE : FALSE;
  }

  Truth not() {
    return switch (this) {
      case TRUE -> FALSE;
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
      case FAILED -> FAILED;
    };
  }
}
