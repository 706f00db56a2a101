package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.nio.file.Path;
import java.util.List;

/**
 * What was asked for on the command line. Immutable.
 *
 * @param root the repository
 * @param directory where data is put, and deleted again
 * @param flushes each is a run of its own
 * @param bodyBytes of each message
 * @param connections that messages are spread over
 * @param peakSeconds for which the peak is looked for
 * @param overloadSeconds for which twice as much is sent
 * @param quietSeconds for which half as much as the peak is sent, before and after
 * @param isPinned broker and load have a processor each
 * @param escrowSettings further settings of EscrowMQ
 */
record OverloadSettings(
    Path root,
    Path directory,
    List<Flush> flushes,
    long bodyBytes,
    long connections,
    long peakSeconds,
    long overloadSeconds,
    long quietSeconds,
    boolean isPinned,
    List<String> escrowSettings) {
  static final String USAGE = """
      bench/overload.sh [OPTION VALUE]...
        --flush FLUSH[,FLUSH]  async, sync; each a run of its own (async,sync)
        --body N               bytes of each message's body (1024)
        --connections N        that messages are spread over (64)
        --peak-seconds N       for which the peak is looked for (20)
        --overload-seconds N   for which twice as much is sent (120)
        --quiet-seconds N      for which half of the peak is sent, before and after (20)
        --pin yes|no           broker and load have a processor each (yes)
        --set KEY=VALUE        setting of EscrowMQ; may be repeated
        --dir DIRECTORY        for data (bench/target/run)
      """;

  OverloadSettings {
    flushes = List.copyOf(flushes);
    escrowSettings = List.copyOf(escrowSettings);
  }

  /** Reads the words after the command; says what is wrong with them. */
  static OverloadSettings parse(Path root, List<String> words) {
    Words in = Words.read(words, USAGE);
    return new OverloadSettings(
        root,
        Path.of(in.text("--dir", root.resolve("bench/target/run").toString())).toAbsolutePath(),
        in.list("--flush", "async,sync").stream().map(Flush::named).toList(),
        in.number("--body", 1024),
        in.number("--connections", 64),
        in.number("--peak-seconds", 20),
        in.number("--overload-seconds", 120),
        in.number("--quiet-seconds", 20),
        in.text("--pin", "yes").equals("yes"),
        in.all("--set"));
  }
}
