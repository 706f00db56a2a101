package io.escrowmq.client.tx;

/** Refuses settings that make no sense. */
final class Settings {

  private Settings() {}

  static void atLeast(long least, long value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " is " + value + ", at least " + least + " is needed");
    }
  }
}
