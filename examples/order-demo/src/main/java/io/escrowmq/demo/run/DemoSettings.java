package io.escrowmq.demo.run;

import io.escrowmq.demo.DatabaseKind;
import io.escrowmq.demo.Guard;
import io.escrowmq.demo.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is shown. Immutable.
 *
 * @param orders how many the customers want; at least 1
 * @param chaos whether anything goes wrong
 * @param seed of what is wanted and of what goes wrong
 * @param without guards that are taken away
 * @param stalled when nothing has moved for so long, nothing will any more. Too short takes a slow
 *     machine for lost messages
 * @param directory of databases, messages, outputs and the history; must be there
 * @param serverClassPath of {@code io.escrowmq.server.Main}
 */
public record DemoSettings(
    int orders,
    boolean chaos,
    long seed,
    DatabaseKind database,
    Mode mode,
    Set<Guard> without,
    Duration stalled,
    Path directory,
    String serverClassPath) {

  public DemoSettings {
    if (orders < 1) {
      throw new IllegalArgumentException("at least 1 order is needed, not " + orders);
    }
    without = Set.copyOf(without);
  }

  /** The words of the command line that do the same again. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of("--orders", Integer.toString(orders)));
    if (chaos) {
      words.add("--chaos");
    }
    words.addAll(List.of("--seed", Long.toString(seed)));
    words.addAll(List.of("--db", database.word(), "--mode", mode.word()));
    without.forEach(guard -> words.addAll(List.of("--without", guard.word())));
    return words;
  }
}
