package io.escrowmq.broker.filter;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an expression is made of. */
enum TokenKind {
  NAME,
  TEXT,
  WHOLE,
  FRACTION,
  END,
  EQUAL,
  NOT_EQUAL,
  LESS,
  AT_MOST,
  GREATER,
  AT_LEAST,
  PLUS,
  MINUS,
  OPEN,
  CLOSE,
  COMMA,
  AND(true),
  OR(true),
  NOT(true),
  BETWEEN(true),
  IN(true),
  IS(true),
  CONTAINS(true),
  STARTSWITH(true),
  ENDSWITH(true),
  TRUE(true),
  FALSE(true),
  NULL(true);

  private static final Map<String, TokenKind> WORDS = Arrays.stream(values())
      .filter(kind -> kind.isWord)
      .collect(Collectors.toUnmodifiableMap(TokenKind::name, Function.identity()));

  private final boolean isWord;

  TokenKind() {
    this(false);
  }

  TokenKind(boolean isWord) {
    this.isWord = isWord;
  }

  /** The kind of a word: one that the language keeps for itself, in small letters or large, or a name. */
  static TokenKind ofWord(String word) {
    return WORDS.getOrDefault(word.toUpperCase(Locale.ROOT), NAME);
  }
}
