package io.escrowmq.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was asked for on the command line. Immutable.
 *
 * @param root the repository
 * @param directory where data is put, and deleted again
 * @param counts so many transactions are open; each is a run of its own
 * @param bodyBytes of each half-message
 * @param idleSeconds for which the broker's CPU is watched
 * @param askedSeconds for which it is waited at most until all were asked about
 * @param latePerSecond pace of the run in which the lateness of first checks is measured
 * @param lateSeconds for which that goes on; 0 leaves it out
 * @param escrowSettings further settings of EscrowMQ
 */
record OpenSettings(
    Path root,
    Path directory,
    List<Long> counts,
    long bodyBytes,
    long idleSeconds,
    long askedSeconds,
    long latePerSecond,
    long lateSeconds,
    List<String> escrowSettings) {
  static final String USAGE = """
      bench/open.sh [OPTION VALUE]...
        --open N[,N]           transactions left open, each a run of its own (100000,1000000)
        --body N               bytes of each half-message's body (1024)
        --idle-seconds N       for which the idle broker is watched (20)
        --asked-seconds N      waits at most so long until all were asked about (900)
        --late-rate N          half-messages a second while lateness of checks is measured (1000)
        --late-seconds N       for so long; 0 leaves it out (20)
        --set KEY=VALUE        setting of EscrowMQ; may be repeated
        --dir DIRECTORY        for data (bench/target/run)
      """;

  OpenSettings {
    counts = List.copyOf(counts);
    escrowSettings = List.copyOf(escrowSettings);
  }

  /** Reads the words after the command; says what is wrong with them. */
  static OpenSettings parse(Path root, List<String> words) {
    Words in = Words.read(words, USAGE);
    List<String> further =
        new ArrayList<>(List.of("tx.max-open=2000000", "tx.group-max-open=2000000"));
    further.addAll(in.all("--set"));
    return new OpenSettings(
        root,
        Path.of(in.text("--dir", root.resolve("bench/target/run").toString())).toAbsolutePath(),
        in.list("--open", "100000,1000000").stream().map(Long::valueOf).toList(),
        in.number("--body", 1024),
        in.number("--idle-seconds", 20),
        in.number("--asked-seconds", 900),
        in.number("--late-rate", 1000),
        in.number("--late-seconds", 20),
        further);
  }
}
