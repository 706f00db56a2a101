package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What stands behind the word of a command: {@code key=value}, blanks between. Immutable. */
record Arguments(Map<String, String> values) {

  Arguments {
    values = Map.copyOf(values);
  }

  /** Reads a line; its first word is the command's own. */
  static Arguments of(String line) {
    String[] words = line.split(" ", -1);
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("key=value expected, not " + words[i]);
      }
      values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    return new Arguments(values);
  }

  String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("missing " + key);
    }
    return value;
  }

  long number(String key) {
    return Long.parseLong(text(key));
  }

  Duration atMost() {
    return Duration.ofSeconds(number("seconds"));
  }
}
