package io.escrowmq.replication;

/** Bounds of what is kept for a group: it stays a few KB. */
final class Limits {

  static final int MOST_GROUPS = 256;
  static final int MOST_REPLICAS = 16;
  static final int MOST_NAME = 127;
  static final int MOST_ORDER = 512;

  private Limits() {}

  /** Fails when the text is blank, too long, or not fit for a log line. */
  static void text(String what, String text, int most) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(what + " is blank; it has 1 to " + most + " characters");
    }
    length(what, text, most);
  }

  static void length(String what, String text, int most) {
    if (text.length() > most) {
      throw new IllegalArgumentException(
          what + " has " + text.length() + " characters, at most " + most + " are allowed");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(what + " contains control characters; remove them");
    }
  }

  static void range(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is " + value + ", " + least + " to " + most + " are allowed");
    }
  }
}
