package io.escrowmq.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.demo.chaos.Fault;
import io.escrowmq.demo.chaos.Plan;
import io.escrowmq.demo.run.Demo;
import io.escrowmq.demo.run.DemoException;
import io.escrowmq.demo.run.DemoSettings;
import io.escrowmq.demo.run.Replay;
import io.escrowmq.demo.shop.Demand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the order demo. */
@Command(
    name = "escrowmq demo",
    description =
        "Lets an order service, an inventory service and a payment notifier, each a process"
            + " with a database of its own, work through orders, and checks at the end that databases"
            + " and messages agree. With --chaos, services and broker are killed and paused at every"
            + " step meanwhile.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit code: 0 when all invariants hold, 1 when not, 2 when it could not be run."})
public final class Main implements Callable<Integer> {

  private static final int HOLDS = 0;
  private static final int FAILS = 1;
  private static final int NOT_RUN = 2;

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many orders; ${DEFAULT-VALUE}.")
  private int orders;

  @Option(
      names = "--chaos",
      description = "Kill -9, pause and race, as a plan made from the seed says.")
  private boolean chaos;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Of the orders and of the plan: the same seed, the same plan; ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--db",
      paramLabel = "KIND",
      description = "${COMPLETION-CANDIDATES}; h2, but postgres with --mode jta.")
  private @Nullable DatabaseKind database;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "outcome-table",
      description = {
        "How databases and messages agree: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.",
        "naive commits first and sends afterwards: with --chaos, the ledger must find out."
      })
  private Mode mode = Mode.OUTCOME_TABLE;

  @Option(
      names = "--without",
      paramLabel = "GUARD",
      description = "Take a guard away (${COMPLETION-CANDIDATES}): the ledger must find out.")
  private Set<Guard> without = EnumSet.noneOf(Guard.class);

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Where databases, messages and the history lie, and stay; by default a temporary"
              + " one, which stays when an invariant fails.")
  private @Nullable Path directory;

  @Option(
      names = "--stalled-after",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "When nothing moves for so long, the ledger is made; ${DEFAULT-VALUE}.")
  private long stalledSeconds;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description =
          "Do what the history.txt of a run says, with the faults that were planned there.")
  private @Nullable Path replay;

  /** Runs the demo, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine(new Main()).execute(arguments));
  }

  private static CommandLine commandLine(Main command) {
    CommandLine commandLine = new CommandLine(command);
    commandLine.registerConverter(Mode.class, word -> named(Mode.values(), word));
    commandLine.registerConverter(Guard.class, word -> named(Guard.values(), word));
    commandLine.registerConverter(DatabaseKind.class, word -> named(DatabaseKind.values(), word));
    commandLine.setExecutionExceptionHandler((failure, failed, parsed) -> {
      failed.getErr().println("The demo could not be run: " + failure.getMessage());
      return NOT_RUN;
    });
    return commandLine;
  }

  private static <T extends Enum<T>> T named(T[] values, String word) {
    for (T value : values) {
      if (value.toString().equals(word)) {
        return value;
      }
    }
    throw new CommandLine.TypeConversionException("'" + word + "' is none of "
        + String.join(", ", Stream.of(values).map(Enum::toString).toList()));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    if (replay != null) {
      return again(replay);
    }
    List<Fault> plan =
        chaos ? Plan.of(seed, orders, Demand.mostOpen(orders), mode, database()) : List.of();
    return run(plan, null);
  }

  /** The other run's words count, but for where things lie and how patient this one is. */
  private int again(Path history) throws IOException, InterruptedException, SQLException {
    Replay other;
    Main again = new Main();
    try {
      other = Replay.of(Files.readAllLines(history));
      commandLine(again).parseArgs(other.words().toArray(String[]::new));
    } catch (IllegalArgumentException | CommandLine.ParameterException e) {
      throw new IOException(history + " is not the history of a run: " + e.getMessage(), e);
    }
    again.directory = directory;
    again.stalledSeconds = stalledSeconds;
    return again.run(other.plan(), history);
  }

  private int run(List<Fault> plan, @Nullable Path replayed)
      throws IOException, InterruptedException, SQLException {
    if (without.contains(Guard.TOMBSTONE) && !mode.isChecked()) {
      throw new CommandLine.ParameterException(
          new CommandLine(this), "there are no tombstones with --mode " + mode);
    }
    String serverClassPath = System.getProperty("escrowmq.server");
    if (serverClassPath == null) {
      throw new CommandLine.ExecutionException(
          new CommandLine(this), "run by bin/escrowmq, which sets escrowmq.server");
    }
    Path place = directory == null
        ? Files.createTempDirectory("escrowmq-demo-")
        : Files.createDirectories(directory).toAbsolutePath();
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    DemoSettings settings = new DemoSettings(
        orders,
        chaos,
        seed,
        database(),
        mode,
        without,
        Duration.ofSeconds(stalledSeconds),
        place,
        serverClassPath);
    boolean holds;
    try (Demo demo = new Demo(settings, out)) {
      Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "ends the processes"));
      holds = demo.run(plan);
    } catch (DemoException e) {
      throw new IOException(e.getMessage() + "\nSee " + place, e);
    }
    out.println("The same again: bin/escrowmq demo "
        + (replayed == null ? String.join(" ", settings.words()) : "--replay " + replayed));
    if (holds && directory == null) {
      delete(place);
    } else {
      out.println("History, databases, messages and what the processes said: " + place);
    }
    return holds ? HOLDS : FAILS;
  }

  private DatabaseKind database() {
    if (database != null) {
      return database;
    }
    return mode == Mode.JTA ? DatabaseKind.POSTGRES : DatabaseKind.H2;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
