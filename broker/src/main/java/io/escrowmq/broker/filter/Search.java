package io.escrowmq.broker.filter;

/**
 * A text that is sought in others, at a cost that grows with the other text's length only. Immutable.
 *
 * <p>{@link String#contains} looks at up to all of the sought text at each place: for "aaaa...b" in 30
 * KB of "a" that is 20 million comparisons. A longer text is sought as Knuth, Morris and Pratt do it:
 * each character of the other text is compared twice at most.
 */
final class Search {

  /** Up to this length the plain search looks at each character a few times at most, and is faster. */
  private static final int SHORT = 8;

  private final String text;
  private final int[]
      borders; // of each beginning: how long an end of it is that it begins with, too

  Search(String text) {
    this.text = text;
    this.borders = text.length() <= SHORT ? new int[0] : borders(text);
  }

  String text() {
    return text;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  boolean isIn(String other) {
    if (borders.length == 0) {
      return other.contains(text);
    }
    int matched = 0;
    for (int i = 0; i < other.length(); i++) {
      char next = other.charAt(i);
      while (matched > 0 && text.charAt(matched) != next) {
        matched = borders[matched - 1];
      }
      if (text.charAt(matched) == next) {
        matched++;
      }
      if (matched == text.length()) {
        return true;
      }
    }
    return false;
  }

  private static int[] borders(String text) {
    int[] borders = new int[text.length()];
    int matched = 0;
    for (int i = 1; i < text.length(); i++) {
      while (matched > 0 && text.charAt(matched) != text.charAt(i)) {
        matched = borders[matched - 1];
      }
      if (text.charAt(matched) == text.charAt(i)) {
        matched++;
      }
      borders[i] = matched;
    }
    return borders;
  }
}
