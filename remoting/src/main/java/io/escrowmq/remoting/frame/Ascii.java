package io.escrowmq.remoting.frame;

/** Comparisons between bytes and strings, without making strings. */
final class Ascii {

  private Ascii() {}

  static boolean equal(String text, byte[] bytes, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[from + i]) { // a byte of a longer character is negative
        return false;
      }
    }
    return true;
  }
}
