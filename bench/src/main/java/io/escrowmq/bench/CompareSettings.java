package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked for on the command line. Immutable.
 *
 * @param root the repository
 * @param directory where data is put, and deleted again
 * @param systems the first is compared to the others
 * @param modes in the order in which they run
 * @param flushes each is a run of its own
 * @param pairs how often every system has its turn
 * @param messages at most so many in the measured part of a send mode
 * @param warmup at most so many before it
 * @param drain backlog of the drain
 * @param seconds no measured part and no warm-up lasts longer
 * @param latencySeconds length of the measured part of a paced mode
 * @param restartMib size of the log at the kill
 * @param profile whether a flight recording is made of every measured part, which costs CPU itself
 * @param fillsCache whether the page cache is filled before each turn's measured parts
 * @param jvm JVM options by system, through the environment
 * @param escrowSettings further settings of EscrowMQ
 */
record CompareSettings(
    Path root,
    Path directory,
    List<String> systems,
    List<Mode> modes,
    List<Flush> flushes,
    int pairs,
    long messages,
    long warmup,
    long drain,
    long seconds,
    long latencySeconds,
    long restartMib,
    boolean profile,
    boolean fillsCache,
    Map<String, String> jvm,
    List<String> escrowSettings) {
  static final String USAGE = """
      bench/compare.sh [OPTION VALUE]...
        --systems A[,B]...     measured in turn, the first compared to the others (escrowmq,rocketmq);
                               escrowmq-client is EscrowMQ with its own client; there are kafka, for
                               --flush async, and artemis, for --modes tx64 --flush sync
        --modes M[,M]...       %s
        --flush F[,F]          async,sync
        --pairs N              repetitions (3)
        --messages N           at most, in the measured part of a send mode (200000)
        --warmup N             at most, before it (200000)
        --drain N              backlog of the drain (300000)
        --seconds N            no measured part lasts longer (45)
        --latency-seconds N    length of an end-to-end part (20)
        --restart-mib N        size of the log at kill -9 (5120)
        --profile yes          a flight recording of every measured part, in bench/target
        --fill-cache no        leave free pages free: docs/benchmarks.md says what they cost
        --jvm SYSTEM=OPTIONS   JVM options through the environment; may be repeated
        --set KEY=VALUE        setting of EscrowMQ; may be repeated
        --dir DIRECTORY        for data (bench/target/run)
      """.formatted(Mode.words());

  CompareSettings {
    systems = List.copyOf(systems);
    modes = List.copyOf(modes);
    flushes = List.copyOf(flushes);
    jvm = Map.copyOf(jvm);
    escrowSettings = List.copyOf(escrowSettings);
  }

  /** Reads the words after the command; says what is wrong with them. */
  static CompareSettings parse(Path root, List<String> words) {
    Words in = Words.read(words, USAGE);
    return new CompareSettings(
        root,
        Path.of(in.text("--dir", root.resolve("bench/target/run").toString())).toAbsolutePath(),
        in.list("--systems", EscrowMq.NAME + "," + RocketMq.NAME),
        in.list("--modes", Mode.words()).stream().map(Mode::named).toList(),
        in.list("--flush", "async,sync").stream().map(Flush::named).toList(),
        (int) in.number("--pairs", 3),
        in.number("--messages", 200_000),
        in.number("--warmup", 200_000),
        in.number("--drain", 300_000),
        in.number("--seconds", 45),
        in.number("--latency-seconds", 20),
        in.number("--restart-mib", 5120),
        in.text("--profile", "no").equals("yes"),
        in.text("--fill-cache", "yes").equals("yes"),
        in.pairs("--jvm"),
        in.all("--set"));
  }

  /** The environment of a system's process. */
  Map<String, String> environment(String system) {
    return Optional.ofNullable(jvm.get(system))
        .map(options -> Map.of("JAVA_TOOL_OPTIONS", options))
        .orElse(Map.of());
  }
}
