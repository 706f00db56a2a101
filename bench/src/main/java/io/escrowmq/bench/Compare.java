package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Starts the systems in turn, pair after pair, and prints the tables. First argument: the repository; the others: see
 * {@link CompareSettings}. Progress goes to standard error, every measurement as a line of JSON into {@code bench/target}.
 */
final class Compare {
  private final CompareSettings settings;
  private final String java;
  private final Path raw;
  private final Map<String, String> executables = new HashMap<>();
  private final List<Measurement> measurements = new ArrayList<>();

  private Compare(CompareSettings settings, String java, Path raw) {
    this.settings = settings;
    this.java = java;
    this.raw = raw;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    CompareSettings settings;
    try {
      settings = CompareSettings.parse(root, Arrays.asList(arguments).subList(1, arguments.length));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Path raw =
        root.resolve("bench/target/compare-" + now.toString().replaceAll("[-:]", "") + ".jsonl");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    new Compare(settings, java, raw).run(now);
  }

  private void run(Instant began) throws IOException, InterruptedException {
    ProcFiles proc = ProcFiles.ofThisMachine();
    String loadBefore = proc.loadAverage();
    List<SystemUnderTest> systems = new ArrayList<>();
    for (String name : settings.systems()) {
      systems.add(system(name));
    }
    CacheFiller filler = new CacheFiller(settings.directory().resolve("filler"), proc);
    try {
      runPairs(systems, filler);
    } finally {
      filler.empty();
    }
    System.out.println(head(began, systems, loadBefore, proc));
    System.out.println(new Report(settings, new Medians(measurements)).markdown());
    System.out.println("Raw figures: " + settings.root().relativize(raw));
  }

  private void runPairs(List<SystemUnderTest> systems, CacheFiller filler)
      throws IOException, InterruptedException {
    for (int pair = 1; pair <= settings.pairs(); pair++) {
      for (Flush flush : settings.flushes()) {
        for (SystemUnderTest system : systems) {
          if (settings.modes().stream().anyMatch(mode -> system.takes(mode, flush))) {
            String executable = new Run(settings, filler, system, flush, pair, this::record)
                .measure(
                    java, ClassPaths.generator(settings.root(), system.client().classPath()));
            executables.put(system.name(), executable);
          }
        }
      }
    }
  }

  private SystemUnderTest system(String name) throws IOException {
    return switch (name) {
      case EscrowMq.NAME, EscrowMq.WITH_OWN_CLIENT ->
        new EscrowMq(name, settings.root(), settings.environment(name), settings.escrowSettings());
      case RocketMq.NAME -> new RocketMq(program(name, peer("rocketmq-server")));
      case Kafka.NAME -> new Kafka(program(name, peer(Kafka.NAME)));
      case Artemis.NAME ->
        new Artemis(program(name, ClassPaths.generator(settings.root(), Artemis.NAME)));
      default -> throw new IllegalArgumentException("no system " + name);
    };
  }

  private String peer(String name) throws IOException {
    return ClassPaths.peer(settings.root(), name);
  }

  private JavaProgram program(String system, String classPath) {
    return new JavaProgram(java, classPath, settings.environment(system));
  }

  private void record(Measurement measurement) {
    measurements.add(measurement);
    String line = measurement.json();
    System.err.println(line);
    try {
      Files.writeString(
          raw,
          line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      System.err.println("cannot keep the line above: " + e);
    }
  }

  private String head(
      Instant began, List<SystemUnderTest> systems, String loadBefore, ProcFiles proc)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append("## ").append(String.join(" against ", settings.systems())).append("\n\n");
    head.append("- date: ").append(began).append(" to ");
    head.append(Instant.now().truncatedTo(ChronoUnit.SECONDS)).append('\n');
    head.append(String.format(
        Locale.ROOT,
        "- machine: %d x %s, %s memory, %s %s; load average before %s, after %s%n",
        Runtime.getRuntime().availableProcessors(),
        proc.field("cpuinfo", "model name"),
        proc.field("meminfo", "MemTotal"),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        loadBefore,
        proc.loadAverage()));
    head.append("- load generator: the client of each system in a process of its own ");
    head.append("on Java ").append(System.getProperty("java.vm.version"));
    head.append(", bodies of 1 KiB, 16 queues\n");
    for (SystemUnderTest system : systems) {
      head.append("- ").append(system.name()).append(' ').append(system.version());
      head.append(" on ").append(executables.get(system.name()));
      head.append(": ").append(system.settings()).append('\n');
    }
    head.append("- figures are medians of ").append(settings.pairs());
    head.append(" pairs run in turn, ratios are medians of the pairs' ratios ");
    head.append("(first system over another)\n");
    head.append("- page cache: ");
    head.append(settings.fillsCache() ? "filled before each turn\n" : "as it was\n");
    if (settings.profile()) {
      head.append("- flight recordings ran: CPU figures are too high\n");
    }
    return head.toString();
  }
}
