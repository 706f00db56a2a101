package io.escrowmq.remoting.message;

import org.jspecify.annotations.Nullable;

/** What topic and group names have in common. */
final class Names {

  private static final int SHOWN = 64; // characters of a bad name that a refusal repeats

  private Names() {}

  /** Why this is no name, or null. */
  static @Nullable String refusal(String what, String name, int longest) {
    if (name.isBlank()) {
      return "the " + what + " name is blank";
    }
    if (name.length() > longest) {
      return "the " + what + " name '" + shown(name) + "' has " + name.length()
          + " characters, at most " + longest + " are allowed";
    }
    for (int i = 0; i < name.length(); i++) {
      if (!isLegal(name.charAt(i))) {
        return "the " + what + " name '" + shown(name)
            + "' contains an illegal character, only letters, digits, '%', '|', '-' and '_' are allowed";
      }
    }
    return null;
  }

  private static boolean isLegal(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '%'
        || c == '|'
        || c == '-'
        || c == '_';
  }

  /** Short, and without what would disturb a terminal or a log. */
  private static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), SHOWN); i++) {
      char c = name.charAt(i);
      shown.append(Character.isISOControl(c) ? '?' : c);
    }
    return name.length() > SHOWN ? shown.append('…').toString() : shown.toString();
  }
}
