package io.escrowmq.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What open transactions cost: runs what {@link OpenSettings} asks for and prints the table. First argument: the repository.
 * Progress goes to standard error, every run as a line of JSON into {@code bench/target}.
 */
final class Open {
  private final OpenSettings settings;
  private final Path raw;
  private final OpenTable table = new OpenTable();

  private Open(OpenSettings settings, Path raw) {
    this.settings = settings;
    this.raw = raw;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    OpenSettings settings;
    try {
      settings = OpenSettings.parse(root, Arrays.asList(arguments).subList(1, arguments.length));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Path raw =
        root.resolve("bench/target/open-" + now.toString().replaceAll("[-:]", "") + ".jsonl");
    new Open(settings, raw).run(now);
  }

  private void run(Instant began) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    OpenRun run =
        new OpenRun(settings, java, ClassPaths.generator(settings.root(), "rocketmq-client"));
    ProcFiles proc = ProcFiles.ofThisMachine();
    String loadBefore = proc.loadAverage();
    for (long count : settings.counts()) {
      Map<OpenFigure, Double> figures = run.hold(count);
      run.holdBack(count, figures);
      record(String.format(Locale.ROOT, "%,d open", count), figures);
    }
    if (settings.lateSeconds() > 0) {
      String title = String.format(Locale.ROOT, "%,d opened a second", settings.latePerSecond());
      record(title, run.lateness());
    }
    System.out.println("## Open transactions\n");
    System.out.printf(
        Locale.ROOT,
        "- date: %s; load average before %s, after %s%n- EscrowMQ with %s; bodies of %,d bytes%n%n",
        began,
        loadBefore,
        proc.loadAverage(),
        String.join(" ", settings.escrowSettings()),
        settings.bodyBytes());
    System.out.println(table.markdown());
    System.out.println("Raw figures: " + settings.root().relativize(raw));
  }

  private void record(String title, Map<OpenFigure, Double> figures) throws IOException {
    table.add(title, figures);
    String line = table.json();
    System.err.println(line);
    Files.writeString(
        raw,
        line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
