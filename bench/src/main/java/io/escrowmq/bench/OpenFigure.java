package io.escrowmq.bench;

import java.util.Locale;

/** What is measured of a broker with open transactions: one line a figure, with its unit and its goal, if there is one. */
enum OpenFigure {
  OPENED("half-messages acknowledged"),
  FAILURES("refused or timed out"),
  PER_SECOND("opened/s, window 256"),
  CPU_PER_MILLION("broker CPU s per million opened"),
  LOG_BYTES("log bytes each"),
  IDLE_ALONE_PERCENT("idle CPU %, no producer connected", 1),
  IDLE_CONNECTED_PERCENT("idle CPU %, producer connected, first checks held back", 1),
  HEAP_EMPTY_MIB("live heap before, MiB"),
  HEAP_OPEN_MIB("live heap with them open, MiB"),
  HEAP_BYTES_EACH("live heap each, bytes"),
  MEMORY_BYTES_EACH("RSS without file pages, growth each, bytes"),
  RSS_MIB("RSS with them open, MiB"),
  LISTED_BEFORE("listed as open before kill -9"),
  LISTED_AFTER("listed as open after the restart"),
  RESTART_MILLIS("kill -9 and restart to the first acknowledged send, ms", 5000),
  RSS_RESTARTED_MIB("RSS after the restart, MiB"),
  ASKED("asked about after a producer came back"),
  ASKED_SECONDS("until the last of them was asked about, s"),
  IDLE_WITH_PRODUCER_PERCENT("idle CPU %, producer connected, all asked about", 1),

  LATE_OPENED("half-messages opened"),
  LATE_ASKED("of them asked about"),
  LATE_EARLY("asked about before it was due"),
  LATE_P50_MILLIS("first check late by p50 ms"),
  LATE_P99_MILLIS("first check late by p99 ms"),
  LATE_MAX_MILLIS("first check late by max ms", 500);

  private static final double NONE = -1;

  private final String label;
  private final double below;

  OpenFigure(String label) {
    this(label, NONE);
  }

  OpenFigure(String label, double below) {
    this.label = label;
    this.below = below;
  }

  String label() {
    return label;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the goal is reached, in words; empty when there is none. */
  String verdict(double value) {
    if (below == NONE) {
      return "";
    }
    return String.format(
        Locale.ROOT, " (below %.0f: %s)", below, value < below ? "reached" : "missed");
  }
}
