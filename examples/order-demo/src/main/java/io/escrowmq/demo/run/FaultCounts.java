package io.escrowmq.demo.run;

import io.escrowmq.demo.chaos.Fault.Kind;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts what was done to the processes. Any thread. */
final class FaultCounts {

  private final Map<Kind, Integer> times = new EnumMap<>(Kind.class);

  synchronized void count(Kind kind) {
    times.merge(kind, 1, Integer::sum);
  }

  /** In words, with how often. */
  synchronized Map<String, Integer> inWords() {
    Map<String, Integer> words = new LinkedHashMap<>();
    words.put("services killed", times(Kind.KILL_SERVICE));
    words.put("broker killed", times(Kind.KILL_BROKER) + times(Kind.LATE_COMMIT));
    words.put("databases killed", times(Kind.KILL_DATABASE));
    words.put("services paused", times(Kind.PAUSE) + times(Kind.LATE_COMMIT));
    words.put("checks that raced", times(Kind.LATE_COMMIT));
    return words;
  }

  private int times(Kind kind) {
    return times.getOrDefault(kind, 0);
  }
}
