package io.escrowmq.broker.filter;

import org.jspecify.annotations.Nullable;

/** Texts as numbers. What is plainly none is told without the cost of an exception. */
final class Numbers {

  /** A longer text is no number: reading thousands of digits would cost more than all the rest. */
  static final int LONGEST = 256;

  private Numbers() {}

  /** With or without a sign, within 64 bits; null when it is not such a number. */
  static @Nullable Long whole(String text) {
    int digits = hasSign(text) ? 1 : 0;
    if (text.length() == digits || text.length() > LONGEST) {
      return null;
    }
    for (int i = digits; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return null;
      }
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  /** As Java writes a double; null when it is none. */
  static @Nullable Double fraction(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    String bare = text.trim();
    int first = hasSign(bare) ? 1 : 0;
    if (bare.length() == first || !mayBegin(bare.charAt(first))) {
      return null;
    }
    try {
      return Double.valueOf(bare);
    } catch (NumberFormatException none) {
      return null;
    }
  }

  private static boolean mayBegin(char first) {
    return isDigit(first) || first == '.' || first == 'N' || first == 'I';
  }

  private static boolean hasSign(String text) {
    return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+');
  }

  static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }
}
