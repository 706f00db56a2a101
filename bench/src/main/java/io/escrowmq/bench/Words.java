package io.escrowmq.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words of a command line, each option with its value. Of an option given twice the last value counts. Immutable. */
record Words(Map<String, List<String>> given) {

  Words {
    given = Map.copyOf(given);
  }

  /** An option is good when the usage text has it; otherwise the text is what is thrown. */
  static Words read(List<String> words, String usage) {
    Map<String, List<String>> given = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i += 2) {
      if (!usage.contains("  " + words.get(i) + " ") || i + 1 == words.size()) {
        throw new IllegalArgumentException("cannot read " + words.get(i) + "\n" + usage);
      }
      given.computeIfAbsent(words.get(i), key -> new ArrayList<>()).add(words.get(i + 1));
    }
    return new Words(given);
  }

  List<String> all(String option) {
    return given.getOrDefault(option, List.of());
  }

  String text(String option, String otherwise) {
    List<String> values = all(option);
    return values.isEmpty() ? otherwise : values.get(values.size() - 1);
  }

  long number(String option, long otherwise) {
    return Long.parseLong(text(option, Long.toString(otherwise)));
  }

  List<String> list(String option, String otherwise) {
    return Arrays.asList(text(option, otherwise).split(",", -1));
  }

  Map<String, String> pairs(String option) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : all(option)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(option + " wants NAME=VALUE, not " + pair);
      }
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }
}
