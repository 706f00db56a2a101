package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long a broker takes from {@code kill -9} to the first message that it acknowledges, with a large log, many topics and
 * many open transactions; and what a start without any state file, which applies the whole log, takes and can be interrupted.
 * First argument: the repository.
 */
final class Restart {
  private static final String USAGE = """
      bench/restart.sh [OPTION VALUE]...
        --bytes N              of messages in the log (10737418240)
        --open N               transactions left open (1000000)
        --topics N             topics (10000)
        --body N               bytes of each message's body (8192)
        --rounds N             kills and restarts (3)
        --set KEY=VALUE        setting of EscrowMQ; may be repeated
        --dir DIRECTORY        for data (bench/target/run)
      """;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final double MIB = 1 << 20;

  private final ProcFiles proc = ProcFiles.ofThisMachine();
  private final Words words;
  private final Path directory;
  private final EscrowMq system;

  private Restart(Path root, Words words) {
    this.words = words;
    this.directory = Path.of(
            words.text("--dir", root.resolve("bench/target/run").toString()))
        .toAbsolutePath()
        .resolve("restart");
    this.system = new EscrowMq(
            EscrowMq.NAME,
            root,
            Map.of(),
            List.of("topic.auto-create=true", "tx.max-open=2000000", "tx.group-max-open=2000000"))
        .with(words.all("--set"));
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    Words words;
    try {
      words = Words.read(Arrays.asList(arguments).subList(1, arguments.length), USAGE);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    new Restart(root, words).run();
  }

  private void run() throws IOException, InterruptedException {
    int bodyBytes = (int) words.number("--body", 8192);
    String broker = system.addresses().get(1);
    DiskUse.delete(directory);
    try (LargeStore store = new LargeStore(broker, bodyBytes)) {
      start();
      awaitAccepting(store);
      long since = System.nanoTime();
      store.fill(
          (int) words.number("--topics", 10_000),
          words.number("--bytes", 10L << 30) / bodyBytes,
          words.number("--open", 1_000_000));
      say("filled in %.1f s; the log has %.2f GiB", seconds(since), gibibytes("log"));
      for (long i = words.number("--rounds", 3); i > 0; i--) {
        system.kill();
        say("kill -9, then accepting sends after %s", restarted(store));
      }
      withoutStateFiles(store);
    } finally {
      system.stop();
      DiskUse.delete(directory);
    }
  }

  private void withoutStateFiles(LargeStore store) throws IOException, InterruptedException {
    system.kill();
    deleteStateFiles();
    RestartFigures whole = restarted(store);
    say("without a state file, accepting sends after %s", whole);
    system.kill();
    deleteStateFiles();
    start();
    double killed = whole.seconds * 0.7;
    LockSupport.parkNanos((long) (killed * TimeUnit.SECONDS.toNanos(1)));
    system.kill();
    say(
        "the same, killed after %.2f s, then accepting sends after %s more",
        killed, restarted(store));
  }

  private void deleteStateFiles() throws IOException {
    try (Stream<Path> files = Files.list(store().resolve("state"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private Path store() {
    return directory.resolve("store");
  }

  private void start() throws IOException {
    system.start(directory, Flush.ASYNC);
  }

  private RestartFigures restarted(LargeStore store) throws IOException {
    long since = System.nanoTime();
    start();
    awaitAccepting(store);
    return new RestartFigures(
        seconds(since),
        proc.cpu(system.process().pid()).seconds(),
        proc.statusBytes(system.process().pid(), "VmRSS") / MIB);
  }

  /**
   * A broker that has acknowledged its first message.
   *
   * @param seconds since its process was started
   * @param cpuSeconds that the process has used, all its threads together
   */
  private record RestartFigures(double seconds, double cpuSeconds, double rssMebibytes) {

    @Override
    public String toString() {
      return "%.2f s (CPU %.2f s, RSS %.0f MiB)".formatted(seconds, cpuSeconds, rssMebibytes);
    }
  }

  private void awaitAccepting(LargeStore store) {
    long since = System.nanoTime();
    while (!store.isAccepting()) {
      if (seconds(since) > Duration.ofMinutes(10).toSeconds()) {
        throw new IllegalStateException("it does not accept sends; see " + directory);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private double gibibytes(String part) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(store().resolve(part))) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return (double) bytes / (1L << 30);
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
