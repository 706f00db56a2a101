package io.escrowmq.broker.filter;

/**
 * A word, number, text or sign of an expression.
 *
 * @param text as it is written; of a {@link TokenKind#TEXT} without its quotes
 * @param column where it begins, from 1
 */
record Token(TokenKind kind, String text, int column) {

  private static final int SHOWN = 32; // characters of a long one that a refusal shows

  /** As a refusal names it. */
  String shown() {
    if (kind == TokenKind.END) {
      return "the expression ends";
    }
    return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…") + "' stands";
  }
}
