package io.escrowmq.server;

import io.escrowmq.broker.LogDump;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.store.RealFileSystem;
import io.escrowmq.store.RecordKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the log of a broker that is stopped. */
@Command(
    name = "dump",
    description =
        "Prints what the log holds, a record a line: its position, its kind, its length, and"
            + " in words what it says and which records it refers to; and each place where no whole"
            + " record is. Changes nothing.",
    mixinStandardHelpOptions = true)
final class DumpCommand implements Callable<Integer> {

  @Mixin
  private final SettingsOptions options;

  @Option(names = "--from", paramLabel = "POSITION", description = "Begin at this position.")
  private long from;

  @Option(names = "--to", paramLabel = "POSITION", description = "End before this position.")
  private long to = Long.MAX_VALUE;

  @Option(
      names = "--kind",
      split = ",",
      paramLabel = "KIND",
      description = "Only records of these kinds: ${COMPLETION-CANDIDATES}.")
  private Set<RecordKind> kinds = Set.of();

  @Option(names = "--topic", description = "Only records about this topic.")
  private @Nullable String topic;

  @Option(
      names = "--refers-to",
      paramLabel = "POSITION",
      description = "Only the record at this position and those that refer to it; the position of a"
          + " half-message is its id.")
  private long refersTo = -1;

  @Option(names = "--limit", paramLabel = "COUNT", description = "End after so many records.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--marks", description = "Also what the log keeps for itself.")
  private boolean withMarks;

  private final PrintWriter out;

  DumpCommand(SettingsOptions options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  @Override
  public Integer call() {
    Settings settings = options.resolve(Role.BROKER);
    Path directory = settings.value(Keys.STORE_DIR);
    LogDump.Filter filter = new LogDump.Filter(from, to, kinds, topic, refersTo, limit, withMarks);
    LogDump.Totals dumped =
        new LogDump(new RealFileSystem(), directory).print(filter, out::println);
    out.println("Records: " + dumped.records() + "; damaged places: " + dumped.damagedPlaces()
        + " in " + directory + ".");
    return dumped.damagedPlaces() == 0 ? 0 : 1;
  }
}
