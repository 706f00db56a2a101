package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * EscrowMQ with transactions that nobody decides: what they cost while nothing happens, what a restart with them takes, and
 * how late their producers are asked. Every run starts on an empty directory.
 */
final class OpenRun {
  private static final String TOPIC = "bench-open";
  private static final String GROUP = "bench-undecided";
  private static final int QUEUES = 16;
  private static final long FIRST_CHECK_MILLIS = 6000;
  // so that nothing is due while the broker with a connected producer is watched
  private static final List<String> SELDOM = List.of("tx.check-every=1h", "tx.check-max-pause=1h");
  // so that no first check is due while the broker is watched with their producer connected
  private static final List<String> HELD_BACK = List.of("tx.first-check=1h");
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long QUIET_MILLIS = 15_000;
  private static final long SLOWEST_PER_SECOND = 2000;
  private static final double MIB = 1024 * 1024;
  private static final double MILLION = 1_000_000;

  private final OpenSettings settings;
  private final String java;
  private final String generatorClassPath;
  private final Path directory;
  private final ProcFiles proc = ProcFiles.ofThisMachine();
  private @Nullable EscrowMq running;
  private long heapBefore;
  private long memoryBefore;

  OpenRun(OpenSettings settings, String java, String generatorClassPath) {
    this.settings = settings;
    this.java = java;
    this.generatorClassPath = generatorClassPath;
    this.directory = settings.directory().resolve(EscrowMq.NAME);
  }

  /** Opens so many transactions, watches, kills, restarts, lets a producer come back. */
  Map<OpenFigure, Double> hold(long count) throws IOException, InterruptedException {
    Map<OpenFigure, Double> figures = new EnumMap<>(OpenFigure.class);
    EscrowMq system = system();
    DiskUse.delete(directory);
    try {
      start(system);
      open(system, count, figures);
      watch(system, count, figures);
      EscrowMq again = system.with(SELDOM);
      // a client that runs already and has sent before
      try (Generator prober = generator(system)) {
        probe(prober);
        figures.put(OpenFigure.LISTED_BEFORE, listed(system));
        system.kill();
        long since = System.nanoTime();
        start(again);
        probe(prober);
        figures.put(OpenFigure.RESTART_MILLIS, (double) elapsed(since).toMillis());
        figures.put(OpenFigure.LISTED_AFTER, listed(again));
        figures.put(OpenFigure.RSS_RESTARTED_MIB, proc.statusBytes(again.pid(), "VmRSS") / MIB);
        comeBack(again, prober, count, figures);
      }
    } finally {
      stop();
      DiskUse.delete(directory);
    }
    return figures;
  }

  /** Opens so many whose first checks are far away, and watches the broker while their producer is connected. */
  void holdBack(long count, Map<OpenFigure, Double> figures)
      throws IOException, InterruptedException {
    EscrowMq system = system().with(HELD_BACK);
    withProducer(system, producer -> {
      open(producer, count, 0);
      IdleCpu.pause(SETTLE);
      double percent = idlePercent(system.pid());
      if (Snapshot.number(producer.ask("checks", PATIENCE), "checks") > 0) {
        throw new IllegalStateException("the producer was asked, so the broker was not idle");
      }
      figures.put(OpenFigure.IDLE_CONNECTED_PERCENT, percent);
    });
  }

  /** Opens transactions at an even pace while their producer is connected, and takes the time of its first checks. */
  Map<OpenFigure, Double> lateness() throws IOException, InterruptedException {
    Map<OpenFigure, Double> figures = new EnumMap<>(OpenFigure.class);
    long count = settings.latePerSecond() * settings.lateSeconds();
    withProducer(system(), producer -> {
      Map<String, String> opened = open(producer, count, settings.latePerSecond());
      figures.put(OpenFigure.LATE_OPENED, Snapshot.number(opened, "messages"));
      Map<String, String> asked = awaitAsked(producer, count);
      figures.put(OpenFigure.LATE_ASKED, Snapshot.number(asked, "transactions"));
      figures.put(OpenFigure.LATE_EARLY, Snapshot.number(asked, "early"));
      figures.put(OpenFigure.LATE_P50_MILLIS, Snapshot.number(asked, "p50"));
      figures.put(OpenFigure.LATE_P99_MILLIS, Snapshot.number(asked, "p99"));
      figures.put(OpenFigure.LATE_MAX_MILLIS, Snapshot.number(asked, "max"));
    });
    return figures;
  }

  /** What is done while a producer is connected that can be asked. */
  private interface ProducerTask {
    void with(Generator producer) throws IOException, InterruptedException;
  }

  private void withProducer(EscrowMq system, ProducerTask watched)
      throws IOException, InterruptedException {
    DiskUse.delete(directory);
    try {
      start(system);
      try (Generator producer = generator(system)) {
        probe(producer);
        producer.ask("topic topic=%s queues=%d".formatted(TOPIC, QUEUES), PATIENCE);
        listen(producer);
        watched.with(producer);
      }
    } finally {
      stop();
      DiskUse.delete(directory);
    }
  }

  // By a process of its own that has ended when this comes back: then no producer is connected.
  private void open(EscrowMq system, long count, Map<OpenFigure, Double> figures)
      throws IOException, InterruptedException {
    try (Generator opener = generator(system)) {
      probe(opener);
      opener.ask("topic topic=%s queues=%d".formatted(TOPIC, QUEUES), PATIENCE);
      long pid = system.pid();
      heapBefore = Jcmd.liveHeapBytes(pid);
      memoryBefore = proc.statusBytes(pid, "RssAnon");
      ProcFiles.Cpu before = proc.cpu(pid);
      Map<String, String> answer = open(opener, count, 0);
      double opened = Snapshot.number(answer, "messages");
      double seconds = Snapshot.number(answer, "nanos") / TimeUnit.SECONDS.toNanos(1);
      figures.put(OpenFigure.OPENED, opened);
      figures.put(OpenFigure.FAILURES, Snapshot.number(answer, "failures"));
      figures.put(OpenFigure.PER_SECOND, opened / seconds);
      figures.put(
          OpenFigure.CPU_PER_MILLION, proc.cpu(pid).minus(before).seconds() * MILLION / opened);
      figures.put(OpenFigure.LOG_BYTES, Snapshot.number(answer, "logbytes"));
    }
  }

  private Map<String, String> open(Generator opener, long count, long perSecond)
      throws IOException, InterruptedException {
    Duration atMost =
        Duration.ofSeconds(60 + count / (perSecond == 0 ? SLOWEST_PER_SECOND : perSecond));
    return opener.ask(
        "open topic=%s group=%s count=%d body=%d persecond=%d seconds=%d"
            .formatted(TOPIC, GROUP, count, settings.bodyBytes(), perSecond, atMost.toSeconds()),
        atMost.plus(PATIENCE));
  }

  private void watch(EscrowMq system, long count, Map<OpenFigure, Double> figures)
      throws IOException, InterruptedException {
    // longer than until the first checks are due, which nobody is there to answer
    IdleCpu.pause(SETTLE);
    long pid = system.pid();
    figures.put(OpenFigure.IDLE_ALONE_PERCENT, idlePercent(pid));
    long heap = Jcmd.liveHeapBytes(pid);
    long memory = proc.statusBytes(pid, "RssAnon");
    figures.put(OpenFigure.HEAP_EMPTY_MIB, heapBefore / MIB);
    figures.put(OpenFigure.HEAP_OPEN_MIB, heap / MIB);
    figures.put(OpenFigure.HEAP_BYTES_EACH, (double) (heap - heapBefore) / count);
    figures.put(OpenFigure.MEMORY_BYTES_EACH, (double) (memory - memoryBefore) / count);
    figures.put(OpenFigure.RSS_MIB, proc.statusBytes(pid, "VmRSS") / MIB);
  }

  private void comeBack(
      EscrowMq system, Generator producer, long count, Map<OpenFigure, Double> figures)
      throws IOException, InterruptedException {
    long since = System.nanoTime();
    listen(producer);
    Map<String, String> asked = awaitAsked(producer, count);
    double quietSeconds = Snapshot.number(asked, "quiet") / TimeUnit.SECONDS.toMillis(1);
    figures.put(OpenFigure.ASKED, Snapshot.number(asked, "transactions"));
    figures.put(OpenFigure.ASKED_SECONDS, elapsed(since).toSeconds() - quietSeconds);
    // when the wait was too short the broker still asks, and is not idle
    if (isDone(asked, count)) {
      IdleCpu.pause(SETTLE);
      figures.put(OpenFigure.IDLE_WITH_PRODUCER_PERCENT, idlePercent(system.pid()));
    }
  }

  private double idlePercent(long pid) throws IOException {
    return IdleCpu.percent(proc, pid, Duration.ofSeconds(settings.idleSeconds()));
  }

  private static void listen(Generator producer) throws IOException, InterruptedException {
    producer.ask(
        "listen topic=%s group=%s firstcheck=%d".formatted(TOPIC, GROUP, FIRST_CHECK_MILLIS),
        PATIENCE);
  }

  // Comes back as well when nobody has been asked for a while.
  private Map<String, String> awaitAsked(Generator producer, long count)
      throws IOException, InterruptedException {
    long since = System.nanoTime();
    Map<String, String> answer = producer.ask("checks", PATIENCE);
    while (!isDone(answer, count) && elapsed(since).toSeconds() < settings.askedSeconds()) {
      IdleCpu.pause(POLL);
      answer = producer.ask("checks", PATIENCE);
    }
    return answer;
  }

  private static boolean isDone(Map<String, String> asked, long count) {
    return Snapshot.number(asked, "transactions") >= count
        || Snapshot.number(asked, "quiet") >= QUIET_MILLIS;
  }

  private static double listed(EscrowMq system) throws IOException {
    String list =
        AdminRequest.ask(system.broker(), AdminRequest.LIST_TRANSACTIONS, Map.of("most", "1"));
    return AdminRequest.number(list, "transactions");
  }

  private static void probe(Generator generator) throws IOException, InterruptedException {
    generator.ask("probe topic=probe seconds=" + PATIENCE.toSeconds(), PATIENCE.plusSeconds(10));
  }

  private EscrowMq system() {
    return new EscrowMq(EscrowMq.NAME, settings.root(), Map.of(), settings.escrowSettings());
  }

  private Generator generator(EscrowMq system) throws IOException, InterruptedException {
    return Generator.start(
        java,
        generatorClassPath,
        "io.escrowmq.bench.load.OpenMain",
        system.addresses(),
        settings.directory().resolve("load"));
  }

  private void start(EscrowMq system) throws IOException {
    system.start(directory.resolve("broker"), Flush.ASYNC);
    running = system;
  }

  private void stop() throws InterruptedException {
    if (running != null) {
      running.stop();
      running = null;
    }
  }

  private static Duration elapsed(long sinceNanos) {
    return Duration.ofNanos(System.nanoTime() - sinceNanos);
  }
}
