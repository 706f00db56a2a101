package io.escrowmq.demo.run;

import io.escrowmq.demo.Role;
import io.escrowmq.demo.chaos.Fault;
import io.escrowmq.demo.chaos.Fault.Kind;
import io.escrowmq.demo.chaos.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * What makes a run what it is, as the first lines of its history: the words of its command line, and
 * the faults that are planned. Immutable.
 *
 * <pre>
 *   bin/escrowmq demo --orders 30 --chaos --seed 1 ...
 *   planned: KILL_SERVICE ORDERS COMMITTED 2 0   kill -9 the order service: ...
 * </pre>
 */
public record Replay(List<String> words, List<Fault> plan) {

  private static final String COMMAND = "bin/escrowmq demo ";
  private static final String PLANNED = "planned: ";

  public Replay {
    words = List.copyOf(words);
    plan = List.copyOf(plan);
  }

  /**
   * From the lines of a history; what follows the plan is of no interest.
   *
   * @throws IllegalArgumentException when they are those of something else
   */
  public static Replay of(List<String> history) {
    if (history.isEmpty() || !history.get(0).startsWith(COMMAND)) {
      throw new IllegalArgumentException("it does not begin with '" + COMMAND + "'");
    }
    return new Replay(
        List.of(history.get(0).substring(COMMAND.length()).split(" ", -1)),
        history.stream()
            .filter(line -> line.startsWith(PLANNED))
            .map(line -> fault(line.substring(PLANNED.length())))
            .toList());
  }

  private static Fault fault(String line) {
    String[] words = line.split(" ", 6);
    if (words.length < 5) {
      throw new IllegalArgumentException("'" + line + "' is no fault");
    }
    return new Fault(
        Kind.valueOf(words[0]),
        Role.valueOf(words[1]),
        Point.valueOf(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]));
  }

  /** As lines of a history. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(COMMAND + String.join(" ", words));
    for (Fault fault : plan) {
      lines.add(PLANNED
          + String.join(
              " ",
              fault.kind().name(),
              fault.role().name(),
              fault.point().name(),
              Integer.toString(fault.passing()),
              Integer.toString(fault.afterOrders()))
          + "   " + fault);
    }
    return lines;
  }
}
