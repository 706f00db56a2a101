package io.escrowmq.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last events in plain words, and a digest of all of them: two runs of one seed must agree in it. */
final class History {

  private static final int KEPT = 300;
  private static final boolean TELLS_ALL = Boolean.getBoolean("simulation.events");

  private final Deque<String> last = new ArrayDeque<>();
  private long digest = 1125899906842597L;
  private long events;

  void add(long nanos, String event) {
    String line = "%9.3f s  %s".formatted(nanos / 1e9, event);
    for (int i = 0; i < line.length(); i++) {
      digest = 31 * digest + line.charAt(i);
    }
    if (TELLS_ALL) {
      System.out.println(line);
    }
    events++;
    last.addLast(line);
    if (last.size() > KEPT) {
      last.removeFirst();
    }
  }

  List<String> last() {
    return List.copyOf(last);
  }

  long events() {
    return events;
  }

  long digest() {
    return digest;
  }
}
