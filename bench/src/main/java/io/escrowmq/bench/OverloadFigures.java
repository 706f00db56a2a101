package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.util.Locale;

/** What one run came to, and whether that is what was wanted. Immutable. */
record OverloadFigures(
    Flush flush,
    OverloadPhase peakPhase,
    PacedSends before,
    OverloadPhase overloadPhase,
    PacedSends after,
    OverloadPhase peakAfter,
    MemoryWatch memory,
    long heapBefore,
    long heapAfter) {
  private static final double MIB = 1024 * 1024;
  private static final double LEAST_PERCENT = 90;
  private static final double MOST_RECOVERY_SECONDS = 5;
  private static final double LEAST_USUAL_MILLIS = 10; // below that a pause of the machine decides

  String markdown() {
    PacedSends overload = overloadPhase.sends();
    double perSecond = peakPhase.sends().acknowledgedPerSecond();
    double percent = 100 * overload.acknowledgedPerSecond() / perSecond;
    double usualMillis = Math.max(LEAST_USUAL_MILLIS, 2 * before.p99Millis());
    double recovery = overload.drainedMillis() / 1000.0 + after.secondsUntilBelow(usualMillis);
    return table(
        "| flush " + flush.word() + " | |\n| --- | --- |",
        row("peak, acknowledged/s", "%,.0f", perSecond),
        row(
            "the same once more at the end, acknowledged/s",
            "%,.0f",
            peakAfter.sends().acknowledgedPerSecond()),
        row("sent/s for %d s".formatted(overload.seconds()), "%,.0f", 2 * perSecond),
        row(
            "acknowledged/s meanwhile",
            "%,.0f, %.1f %% of the peak (at least %.0f: %s)",
            overload.acknowledgedPerSecond(),
            percent,
            LEAST_PERCENT,
            percent >= LEAST_PERCENT ? "reached" : "missed"),
        row("acknowledged in the slowest second", "%,.0f", (double) overload.slowestSecond()),
        row("refused/s", "%,.0f", overload.perSecond(overload.refused())),
        row("acknowledged later than 3 s/s", "%,.0f", overload.perSecond(overload.late())),
        row(
            "held up at the socket and given up/s",
            "%,.0f",
            overload.perSecond(overload.givenUp())),
        row("without an answer 3 s after the end", "%,.0f", (double) overload.unanswered()),
        row("p99 at half of the peak, ms", "%.2f", before.p99Millis()),
        row("p99 meanwhile, ms", "%.0f", overload.p99Millis()),
        processors(),
        row(
            "memory without file pages, MiB",
            "%.0f before, at most %.0f",
            memory.beforeBytes() / MIB,
            memory.mostBytes() / MIB),
        row("live heap, MiB", "%.1f before, %.1f after", heapBefore / MIB, heapAfter / MIB),
        row(
            "s until p99 is below " + String.format(Locale.ROOT, "%.0f", usualMillis)
                + " ms again and nothing is refused",
            "%.1f (at most %.0f: %s)",
            recovery,
            MOST_RECOVERY_SECONDS,
            recovery <= MOST_RECOVERY_SECONDS ? "reached" : "missed"),
        "| refusals | " + (overload.reasons().isEmpty() ? "none" : overload.reasons()) + " |");
  }

  /** Who used them, and what for: load that takes the broker's processor says nothing about the broker. */
  private String processors() {
    return String.join(
        "\n",
        row(
            "of a processor each, broker and load, at the peak",
            "%.0f %%, %.0f %%",
            peakPhase.brokerPercent(),
            peakPhase.loadPercent()),
        row(
            "of a processor each, broker and load, meanwhile",
            "%.0f %%, %.0f %%",
            overloadPhase.brokerPercent(),
            overloadPhase.loadPercent()),
        row(
            "broker's processor for each acknowledged message, us",
            "%.2f at the peak, %.2f meanwhile, %.2f at the peak at the end",
            peakPhase.brokerMicrosPerMessage(),
            overloadPhase.brokerMicrosPerMessage(),
            peakAfter.brokerMicrosPerMessage()),
        row(
            "the same for each refusal, if an acknowledgement costs what it does at the peaks, us",
            "%.2f",
            overloadPhase.brokerMicrosPerRefusal(
                (peakPhase.brokerMicrosPerMessage() + peakAfter.brokerMicrosPerMessage()) / 2)));
  }

  private static String table(String... rows) {
    return String.join("\n", rows) + "\n";
  }

  private static String row(String what, String format, Object... values) {
    return "| " + what + " | " + String.format(Locale.ROOT, format, values) + " |";
  }
}
