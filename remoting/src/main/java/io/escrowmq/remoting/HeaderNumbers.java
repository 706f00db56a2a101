package io.escrowmq.remoting;

/** Numbers in header fields, with an error that names the field. */
final class HeaderNumbers {

  private HeaderNumbers() {}

  static int parseInt(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw BadHeaderException.notA("32-bit number", name, text);
    }
  }

  static long parseLong(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw BadHeaderException.notA("64-bit number", name, text);
    }
  }
}
