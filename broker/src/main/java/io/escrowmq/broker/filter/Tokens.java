package io.escrowmq.broker.filter;

/** Cuts an expression into tokens, one at a time. Blanks, line ends and comments only part them. */
final class Tokens {

  private static final String BLANKS = " \t\r\n\f";

  private final String source;
  private int at;

  Tokens(String source) {
    this.source = source;
  }

  /** The next one; behind the last, {@link TokenKind#END} for ever. */
  Token next() {
    skip();
    if (at == source.length()) {
      return new Token(TokenKind.END, "", at + 1);
    }
    char first = source.charAt(at);
    if (first == '\'') {
      return text();
    }
    if (Numbers.isDigit(first) || (first == '.' && Numbers.isDigit(peek(1)))) {
      return number();
    }
    return isOfName(first) ? word() : sign(first);
  }

  private void skip() {
    int before;
    do {
      before = at;
      while (at < source.length() && BLANKS.indexOf(source.charAt(at)) >= 0) {
        at++;
      }
      if (source.startsWith("--", at)) {
        int end = source.indexOf('\n', at);
        at = end < 0 ? source.length() : end;
      } else if (source.startsWith("/*", at)) {
        int end = source.indexOf("*/", at + 2);
        if (end < 0) {
          throw new BadFilterException(at + 1, "the comment that begins here has no end");
        }
        at = end + 2;
      }
    } while (at > before);
  }

  private Token text() {
    int start = at++;
    StringBuilder text = new StringBuilder();
    while (at < source.length()) {
      char next = source.charAt(at++);
      if (next != '\'') {
        text.append(next);
      } else if (peek(0) == '\'') {
        text.append(next);
        at++;
      } else {
        return new Token(TokenKind.TEXT, text.toString(), start + 1);
      }
    }
    throw new BadFilterException(start + 1, "the text that begins here has no closing quote");
  }

  private Token number() {
    int start = at;
    skipDigits();
    TokenKind kind = TokenKind.WHOLE;
    if (peek(0) == '.') {
      kind = TokenKind.FRACTION;
      at++;
      skipDigits();
    }
    int exponent = exponentDigits();
    if (exponent > 0) {
      kind = TokenKind.FRACTION;
      at += exponent;
      skipDigits();
    }
    String digits = source.substring(start, at);
    if (kind == TokenKind.WHOLE && (peek(0) == 'l' || peek(0) == 'L')) {
      at++;
    }
    return new Token(kind, digits, start + 1);
  }

  /** How far the digits of an exponent are; 0 when there is none. */
  private int exponentDigits() {
    if (peek(0) != 'e' && peek(0) != 'E') {
      return 0;
    }
    int digits = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    return Numbers.isDigit(peek(digits)) ? digits : 0;
  }

  private void skipDigits() {
    while (Numbers.isDigit(peek(0))) {
      at++;
    }
  }

  private Token word() {
    int start = at;
    while (isOfName(peek(0)) || Numbers.isDigit(peek(0))) {
      at++;
    }
    String word = source.substring(start, at);
    return new Token(TokenKind.ofWord(word), word, start + 1);
  }

  private Token sign(char first) {
    return switch (first) {
      case '=' -> sign(TokenKind.EQUAL, 1);
      case '<' ->
        switch (peek(1)) {
          case '>' -> sign(TokenKind.NOT_EQUAL, 2);
          case '=' -> sign(TokenKind.AT_MOST, 2);
          default -> sign(TokenKind.LESS, 1);
        };
      case '>' -> peek(1) == '=' ? sign(TokenKind.AT_LEAST, 2) : sign(TokenKind.GREATER, 1);
      case '+' -> sign(TokenKind.PLUS, 1);
      case '-' -> sign(TokenKind.MINUS, 1);
      case '(' -> sign(TokenKind.OPEN, 1);
      case ')' -> sign(TokenKind.CLOSE, 1);
      case ',' -> sign(TokenKind.COMMA, 1);
      default ->
        throw new BadFilterException(
            at + 1, "'" + Character.toString(source.codePointAt(at)) + "' means nothing here");
    };
  }

  private Token sign(TokenKind kind, int length) {
    int start = at;
    at += length;
    return new Token(kind, source.substring(start, at), start + 1);
  }

  /** The character so far ahead; 0 behind the end. */
  private char peek(int ahead) {
    return at + ahead < source.length() ? source.charAt(at + ahead) : 0;
  }

  private static boolean isOfName(char letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z')
        || letter == '_'
        || letter == '$';
  }
}
