package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One broker on an empty directory: its peak, half of it, twice as much for long, and half of it again. */
final class OverloadRun {
  private static final String TOPIC = "bench-overload";
  private static final int QUEUES = 16;
  private static final int CREATE_TOPIC = 17;
  private static final long WINDOW = 2048; // enough to keep the broker busy
  private static final long WARM_UP_SECONDS = 15;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration START = Duration.ofSeconds(30);

  private final OverloadSettings settings;
  private final Flush flush;
  private final String java =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private final ProcFiles proc = ProcFiles.ofThisMachine();

  OverloadRun(OverloadSettings settings, Flush flush) {
    this.settings = settings;
    this.flush = flush;
  }

  OverloadFigures measure() throws IOException, InterruptedException {
    Path directory = settings.directory().resolve("overload");
    DiskUse.delete(directory);
    EscrowMq system =
        new EscrowMq(EscrowMq.NAME, settings.root(), Map.of(), settings.escrowSettings());
    try {
      system.start(directory, flush);
      createTopic(system);
      try (Generator generator = generator(system)) {
        long pid = system.process().pid();
        if (settings.isPinned()) {
          pin(pid, 0);
          pin(generator.pid(), 1);
        }
        return measure(generator, pid);
      }
    } finally {
      system.process().kill();
      DiskUse.delete(directory);
    }
  }

  private OverloadFigures measure(Generator generator, long pid)
      throws IOException, InterruptedException {
    run(generator, 0, WARM_UP_SECONDS);
    OverloadPhase peak = phase(generator, pid, 0, settings.peakSeconds());
    long perSecond = Math.round(peak.sends().acknowledgedPerSecond());
    PacedSends before = run(generator, perSecond / 2, settings.quietSeconds());
    long heapBefore = Jcmd.liveHeapBytes(pid);
    MemoryWatch watch = new MemoryWatch(proc, pid);
    OverloadPhase overload;
    try {
      overload = phase(generator, pid, 2 * perSecond, settings.overloadSeconds());
    } finally {
      watch.end();
    }
    PacedSends after = run(generator, perSecond / 2, settings.quietSeconds());
    long heapAfter = Jcmd.liveHeapBytes(pid);
    OverloadPhase peakAfter = phase(generator, pid, 0, settings.peakSeconds());
    return new OverloadFigures(
        flush, peak, before, overload, after, peakAfter, watch, heapBefore, heapAfter);
  }

  private OverloadPhase phase(Generator generator, long pid, long perSecond, long seconds)
      throws IOException, InterruptedException {
    long broker = proc.cpu(pid).ticks();
    long load = proc.cpu(generator.pid()).ticks();
    PacedSends sends = run(generator, perSecond, seconds);
    return new OverloadPhase(
        sends, proc.cpu(pid).ticks() - broker, proc.cpu(generator.pid()).ticks() - load);
  }

  private PacedSends run(Generator generator, long perSecond, long seconds)
      throws IOException, InterruptedException {
    Map<String, String> answer = generator.ask(
        "run topic=%s queues=%d connections=%d body=%d persecond=%d window=%d seconds=%d"
            .formatted(
                TOPIC,
                QUEUES,
                settings.connections(),
                settings.bodyBytes(),
                perSecond,
                WINDOW,
                seconds),
        PATIENCE.plusSeconds(seconds));
    System.err.println(flush.word() + " " + perSecond + "/s: " + answer);
    return PacedSends.of(answer);
  }

  private static void createTopic(EscrowMq system) throws IOException, InterruptedException {
    long until = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        AdminRequest.ask(
            system.broker(),
            CREATE_TOPIC,
            Map.of(
                "topic", TOPIC,
                "defaultTopic", "TBW102",
                "readQueueNums", Integer.toString(QUEUES),
                "writeQueueNums", Integer.toString(QUEUES),
                "perm", "6",
                "topicFilterType", "SINGLE_TAG",
                "topicSysFlag", "0",
                "order", "false"));
        return;
      } catch (IOException e) { // it starts
        if (System.nanoTime() > until) {
          throw e;
        }
        IdleCpu.pause(Duration.ofMillis(100));
      }
    }
  }

  private Generator generator(EscrowMq system) throws IOException, InterruptedException {
    String classPath = settings.root().resolve("bench/target/classes") + ":"
        + ClassPaths.peer(settings.root(), "bench");
    List<String> address = new ArrayList<>();
    address.add(system.broker().getAddress().getHostAddress());
    address.add(Integer.toString(system.broker().getPort()));
    return Generator.start(
        java,
        classPath,
        "io.escrowmq.bench.load.OverloadMain",
        address,
        settings.directory().resolve("load"));
  }

  /** All threads of the process run on this processor only. */
  private static void pin(long pid, int processor) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
            "taskset", "-a", "-c", "-p", Integer.toString(processor), Long.toString(pid))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("taskset could not pin the process " + pid + "; try --pin no");
    }
  }
}
