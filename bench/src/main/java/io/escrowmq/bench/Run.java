package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import io.escrowmq.bench.Mode.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One system's turn in one pair: started on an empty directory, asked to work through the modes one after the other, ended.
 * The load generator is one process for the whole turn, so that its own warm-up is done once.
 */
final class Run {
  private static final int QUEUES = 16;
  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final Duration IDLE_MEASURED = Duration.ofSeconds(10);
  private static final Duration VISIBLE_AT_MOST = Duration.ofSeconds(5);
  private static final Duration START_AT_MOST = Duration.ofMinutes(2);
  private static final double MIB = 1024 * 1024;

  private final CompareSettings settings;
  private final SystemUnderTest system;
  private final Flush flush;
  private final int pair;
  private final Path directory;
  private final ProcFiles proc = ProcFiles.ofThisMachine();
  private final CacheFiller filler;
  private final Consumer<Measurement> results;

  Run(
      CompareSettings settings,
      CacheFiller filler,
      SystemUnderTest system,
      Flush flush,
      int pair,
      Consumer<Measurement> results) {
    this.settings = settings;
    this.system = system;
    this.flush = flush;
    this.pair = pair;
    this.directory = settings.directory().resolve(system.name());
    this.results = results;
    this.filler = filler;
  }

  /** Hands back the Java that the broker ran on. */
  String measure(String java, String generatorClassPath) throws IOException, InterruptedException {
    DiskUse.delete(directory);
    system.startCompanions(directory.resolve("beside"));
    try (Generator generator = Generator.start(
        java,
        generatorClassPath,
        system.client().main(),
        system.addresses(),
        settings.directory().resolve("load"))) {
      String executable = rehearseStart(generator);
      measureBroker(generator, directory.resolve("broker"));
      return executable;
    } finally {
      system.stopCompanions();
      DiskUse.delete(directory);
    }
  }

  // The first start loads classes of the client and files of the system; the second one is
  // measured.
  private String rehearseStart(Generator generator) throws IOException, InterruptedException {
    Path data = directory.resolve("rehearsal");
    system.prepare(data);
    system.start(data, flush);
    try {
      probe(generator, "rehearsal");
      return proc.executable(system.pid());
    } finally {
      system.stop();
    }
  }

  private void measureBroker(Generator generator, Path data)
      throws IOException, InterruptedException {
    Map<Metric, Double> process = new EnumMap<>(Metric.class);
    system.prepare(data);
    try {
      process.put(Metric.START_MILLIS, startAndProbe(generator, data));
      IdleCpu.pause(IDLE);
      process.put(Metric.RSS_IDLE_MIB, proc.statusBytes(system.pid(), "VmRSS") / MIB);
      if (settings.fillsCache()) {
        filler.fill();
      }
      DiskUse before = DiskUse.of(data);
      List<Mode> plain = modes(mode -> !mode.isTransactional());
      double messages = measureAll(generator, plain);
      if (!plain.isEmpty()) {
        measureProcess(generator, data, before, messages, process);
      }
      if (settings.modes().contains(Mode.RESTART) && system.takes(Mode.RESTART, flush)) {
        measureRestart(generator, data, process);
      }
      // Last, because a broker may go on working long after its first transaction; so what is
      // measured of the process before stays comparable, too.
      messages += measureAll(generator, modes(Mode::isTransactional));
      if (plain.isEmpty()) {
        measureProcess(generator, data, before, messages, process);
      }
    } finally {
      system.stop();
    }
    results.accept(measurement(Measurement.PROCESS, process, Map.of()));
  }

  private List<Mode> modes(Predicate<Mode> wanted) {
    return settings.modes().stream()
        .filter(mode -> mode.kind() != Kind.RESTART && system.takes(mode, flush))
        .filter(wanted)
        .toList();
  }

  /** Hands back how many messages were stored. */
  private double measureAll(Generator generator, List<Mode> modes)
      throws IOException, InterruptedException {
    double messages = 0;
    for (Mode mode : modes) {
      messages += measure(generator, mode);
    }
    return messages;
  }

  private void measureProcess(
      Generator generator, Path data, DiskUse before, double messages, Map<Metric, Double> process)
      throws IOException, InterruptedException {
    long pid = system.pid();
    process.put(Metric.RSS_AFTER_MIB, proc.statusBytes(pid, "VmRSS") / MIB);
    process.put(Metric.ANONYMOUS_RSS_AFTER_MIB, proc.statusBytes(pid, "RssAnon") / MIB);
    process.put(Metric.GENERATOR_RSS_AFTER_MIB, proc.statusBytes(generator.pid(), "VmRSS") / MIB);
    process.put(Metric.LIVE_HEAP_MIB, Jcmd.liveHeapBytes(pid) / MIB);
    process.put(Metric.GENERATOR_LIVE_HEAP_MIB, Jcmd.liveHeapBytes(generator.pid()) / MIB);
    if (messages > 0) {
      long grown = DiskUse.of(data).allocatedBytes() - before.allocatedBytes();
      process.put(Metric.DISK_BYTES, grown / messages);
    }
  }

  private double startAndProbe(Generator generator, Path data)
      throws IOException, InterruptedException {
    long since = System.nanoTime();
    system.start(data, flush);
    probe(generator, "probe");
    return millis(System.nanoTime() - since);
  }

  private void probe(Generator generator, String topic) throws IOException, InterruptedException {
    generator.ask(
        "probe topic=%s seconds=%d".formatted(topic, START_AT_MOST.toSeconds()),
        START_AT_MOST.plusSeconds(10));
  }

  /**
   * Hands back how many messages were stored. A load is warmed up twice: when the first one pauses, the broker goes paths that
   * its compiled code has never gone, and compiles again.
   */
  private double measure(Generator generator, Mode mode) throws IOException, InterruptedException {
    String topic = "bench-" + mode.word();
    long messages = messages(mode);
    long seconds = mode.kind() == Kind.PACED ? 2 * settings.latencySeconds() : settings.seconds();
    long warmup = mode.kind() == Kind.PACED ? messages / 2 : Math.min(settings.warmup(), messages);
    Duration patience = Duration.ofSeconds(3 * seconds + 240);
    generator.ask("topic topic=%s queues=%d".formatted(topic, QUEUES), patience);
    if (mode.kind() != Kind.DRAIN) {
      generator.ask(prepare(mode, topic, warmup / 2, seconds), patience);
      generator.ask("end", patience);
    }
    generator.ask(prepare(mode, topic, warmup, seconds), patience);

    DiskUse.sync(directory);
    long deviceBytes = proc.deviceBytes();
    long pid = system.pid();
    List<Recording> recordings = settings.profile()
        ? List.of(
            Recording.start(pid, recordingFile(mode, "")),
            Recording.start(generator.pid(), recordingFile(mode, "-load")))
        : List.of();
    Snapshot before = Snapshot.of(proc, pid, generator.pid());
    Map<String, String> answer =
        generator.ask("measure messages=%d seconds=%d".formatted(messages, seconds), patience);
    Snapshot after = Snapshot.of(proc, pid, generator.pid());
    for (Recording recording : recordings) {
      recording.stop();
    }

    DiskUse.sync(directory);
    Map<Metric, Double> values = after.since(before, answer);
    double stored = mode.kind() == Kind.DRAIN ? 0 : values.getOrDefault(Metric.MESSAGES, 0.0);
    if (stored > 0) {
      values.put(Metric.DEVICE_BYTES, (proc.deviceBytes() - deviceBytes) / stored);
    }
    if (mode.isTransactional()) {
      values.putAll(aftermath(generator, stored));
    }
    generator.ask("end", patience);
    results.accept(measurement(mode.word(), values, after.threadsSince(before)));
    return values.getOrDefault(Metric.MESSAGES, 0.0)
        + (mode.kind() == Kind.DRAIN ? warmup : warmup + warmup / 2);
  }

  private String prepare(Mode mode, String topic, long warmup, long seconds) {
    return "prepare mode=%s topic=%s messages=%d backlog=%d seconds=%d"
        .formatted(mode.word(), topic, warmup, settings.drain(), seconds);
  }

  /** What became of the transactions, and what the broker does when all is done. */
  private Map<Metric, Double> aftermath(Generator generator, double committed)
      throws IOException, InterruptedException {
    Map<String, String> answer =
        generator.ask("aftermath seconds=" + VISIBLE_AT_MOST.toSeconds(), START_AT_MOST);
    Map<Metric, Double> values = Snapshot.aftermath(answer, committed);
    IdleCpu.pause(IDLE);
    values.put(Metric.IDLE_CPU_PERCENT, IdleCpu.percent(proc, system.pid(), IDLE_MEASURED));
    return values;
  }

  private void measureRestart(Generator generator, Path data, Map<Metric, Double> process)
      throws IOException, InterruptedException {
    long bytes = settings.restartMib() * 1024 * 1024;
    generator.ask("topic topic=bench-restart queues=" + QUEUES, START_AT_MOST);
    Map<String, String> answer = generator.ask(
        "fill topic=bench-restart bytes=%d seconds=600".formatted(bytes), Duration.ofMinutes(11));
    process.put(Metric.RESTART_LOG_GIB, Snapshot.number(answer, "highest") / (1024 * MIB));
    system.kill();
    process.put(Metric.RESTART_MILLIS, startAndProbe(generator, data));
  }

  private long messages(Mode mode) {
    return switch (mode.kind()) {
      case SYNC_SEND, ASYNC_SEND, LINGERING_SEND, BATCH_SEND, TRANSACTION, GROUP_TRANSACTION ->
        settings.messages();
      case DRAIN -> settings.drain();
      case PACED -> mode.width() * settings.latencySeconds();
      case RESTART -> 0;
    };
  }

  private Path recordingFile(Mode mode, String process) {
    return settings
        .root()
        .resolve("bench/target/%s%s-%s-%s-%d.jfr"
            .formatted(system.name(), process, mode.word(), flush.word(), pair));
  }

  private Measurement measurement(
      String part, Map<Metric, Double> values, Map<String, Long> threads) throws IOException {
    return new Measurement(
        pair, system.name(), flush, part, values, new TreeMap<>(threads), proc.loadAverage());
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
