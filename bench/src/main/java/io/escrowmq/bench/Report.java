package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The tables in Markdown: medians of the pairs, ratios, and whether the goals are reached. Immutable. */
record Report(CompareSettings settings, Medians medians) {
  private static final double OWN_PLAIN_RATIO_AT_LEAST = 0.7;
  private static final double OWN_PLAIN_LOG_BYTES_AT_MOST = 1.15;
  private static final double START_MILLIS_BELOW = 1000;
  private static final double RESTART_MILLIS_BELOW = 2000;
  private static final double RSS_IDLE_MIB_BELOW = 200;

  private static final Metric[] PLACES = {
    Metric.SYSTEM_CPU_PER_MILLION, Metric.COMPILER_CPU_PER_MILLION, Metric.COLLECTOR_CPU_PER_MILLION
  };
  private static final Metric[] CALLS = {
    Metric.CALL_P50_MILLIS, Metric.CALL_P99_MILLIS, Metric.CALL_P999_MILLIS
  };
  private static final Metric[] AFTERMATH = {
    Metric.VISIBLE, Metric.VISIBLE_PERCENT, Metric.CHECKS, Metric.IDLE_CPU_PERCENT
  };
  private static final Metric[] AGAINST_PLAIN = {
    Metric.PER_SECOND,
    Metric.CPU_PER_MILLION,
    Metric.P50_MILLIS,
    Metric.P99_MILLIS,
    Metric.LOG_BYTES,
    Metric.DEVICE_BYTES
  };
  private static final Metric[] BESIDE = {Metric.MESSAGES, Metric.FAILURES};
  private static final Metric[] CLIENT = {Metric.GENERATOR_CPU_PER_MILLION, Metric.PER_CPU_SECOND};

  String markdown() {
    return String.join(
        "\n",
        section(
            "Throughput and broker CPU",
            columns(Metric.PER_SECOND, Metric.CPU_PER_MILLION),
            modeRows(Metric.PER_SECOND, Metric.CPU_PER_MILLION)),
        section("Client CPU, and broker and client together", columns(CLIENT), modeRows(CLIENT)),
        section(
            "Latency (a send until its acknowledgement, of a transaction the half-message's; "
                + "end to end: from when a message was due)",
            columns(Metric.P50_MILLIS, Metric.P99_MILLIS, Metric.P999_MILLIS),
            modeRows(Metric.P50_MILLIS, Metric.P99_MILLIS, Metric.P999_MILLIS)),
        section(
            "Bytes (log: positions in the message ids; disk: what the whole machine wrote until all was synced)",
            columns(Metric.LOG_BYTES, Metric.DEVICE_BYTES),
            modeRows(Metric.LOG_BYTES, Metric.DEVICE_BYTES)),
        section("Transactions: the whole call", columns(CALLS), modeRows(CALLS)),
        section("Transactions: what became of them", columns(AFTERMATH), modeRows(AFTERMATH)),
        section(
            "Transactions against own plain sends of the same turns",
            againstPlainHead(),
            againstPlainRows()),
        section("Process", processHead(), processRows()),
        section("Broker CPU per million, by place", columns(PLACES), modeRows(PLACES)),
        section("Beside it", columns(BESIDE), modeRows(BESIDE)));
  }

  private static String section(String title, List<String> head, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("### " + title + "\n\n");
    text.append(line(head)).append('|').append(" --- |".repeat(head.size())).append('\n');
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private List<String> columns(Metric... metrics) {
    List<String> head = new ArrayList<>(List.of("mode", "flush"));
    for (Metric metric : metrics) {
      settings.systems().forEach(system -> head.add(metric.label() + ", " + system));
      head.addAll(ratioHead());
    }
    return head;
  }

  private List<List<String>> modeRows(Metric... metrics) {
    List<List<String>> rows = new ArrayList<>();
    for (Mode mode : settings.modes()) {
      for (Flush flush : settings.flushes()) {
        if (isMeasured(mode.word(), flush, metrics)) {
          List<String> row = new ArrayList<>(List.of(mode.label(), flush.word()));
          for (Metric metric : metrics) {
            row.addAll(figures(Optional.of(mode), mode.word(), flush, metric));
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static List<String> againstPlainHead() {
    List<String> head = new ArrayList<>(List.of("modes", "flush", "system"));
    for (Metric metric : AGAINST_PLAIN) {
      head.add(metric.label() + ", ratio");
    }
    return head;
  }

  private List<List<String>> againstPlainRows() {
    List<List<String>> rows = new ArrayList<>();
    for (Mode mode : settings.modes()) {
      for (Flush flush : settings.flushes()) {
        for (String system : settings.systems()) {
          mode.plain()
              .filter(plain -> isMeasured(system, plain.word(), flush, Metric.PER_SECOND))
              .filter(plain -> isMeasured(system, mode.word(), flush, Metric.PER_SECOND))
              .ifPresent(plain -> rows.add(againstPlain(mode, plain, flush, system)));
        }
      }
    }
    return rows;
  }

  private List<String> againstPlain(Mode mode, Mode plain, Flush flush, String system) {
    List<String> row =
        new ArrayList<>(List.of(mode.word() + " / " + plain.word(), flush.word(), system));
    for (Metric metric : AGAINST_PLAIN) {
      OptionalDouble ratio = medians.ratioOfParts(system, mode.word(), plain.word(), flush, metric);
      String goal = ratio.isPresent() && system.startsWith(EscrowMq.NAME)
          ? againstPlainVerdict(metric, ratio.getAsDouble())
          : "";
      row.add(cell(ratio) + goal);
    }
    return row;
  }

  private static String againstPlainVerdict(Metric metric, double ratio) {
    if (metric == Metric.PER_SECOND && ratio < OWN_PLAIN_RATIO_AT_LEAST) {
      return " (goal 0.7 missed)";
    }
    if (metric == Metric.LOG_BYTES && ratio > OWN_PLAIN_LOG_BYTES_AT_MOST) {
      return " (goal 1.15 missed)";
    }
    return "";
  }

  private List<String> processHead() {
    List<String> head = new ArrayList<>(List.of("what", "flush"));
    head.addAll(settings.systems());
    head.addAll(ratioHead());
    head.add("goal");
    return head;
  }

  private List<String> ratioHead() {
    List<String> others = others();
    return others.size() == 1
        ? List.of("ratio")
        : others.stream().map(other -> "ratio to " + other).toList();
  }

  private List<List<String>> processRows() {
    List<List<String>> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      for (Flush flush : settings.flushes()) {
        if (isMeasured(Measurement.PROCESS, flush, metric)) {
          List<String> row = new ArrayList<>(List.of(metric.label(), flush.word()));
          row.addAll(figures(Optional.empty(), Measurement.PROCESS, flush, metric));
          row.add(processGoal(flush, metric));
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private boolean isMeasured(String part, Flush flush, Metric... metrics) {
    for (Metric metric : metrics) {
      for (String system : settings.systems()) {
        if (isMeasured(system, part, flush, metric)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isMeasured(String system, String part, Flush flush, Metric metric) {
    return medians.of(system, part, flush, metric).isPresent();
  }

  private List<String> figures(Optional<Mode> mode, String part, Flush flush, Metric metric) {
    List<String> cells = new ArrayList<>();
    String first = settings.systems().get(0);
    for (String system : settings.systems()) {
      OptionalDouble value = medians.of(system, part, flush, metric);
      boolean isJudged = system.equals(first) && mode.isPresent() && value.isPresent();
      cells.add(cell(value)
          + (isJudged ? Goals.missed(first, mode.get(), metric, value.getAsDouble()) : ""));
    }
    for (String other : others()) {
      OptionalDouble ratio = medians.ratio(first, other, part, flush, metric);
      cells.add(
          ratio.isEmpty()
              ? ""
              : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble())
                  + mode.map(m -> Goals.missed(first, other, m, flush, metric, ratio.getAsDouble()))
                      .orElse(""));
    }
    return cells;
  }

  private String processGoal(Flush flush, Metric metric) {
    if (!settings.systems().get(0).startsWith(EscrowMq.NAME)) {
      return "";
    }
    return switch (metric) {
      case START_MILLIS -> below(flush, metric, START_MILLIS_BELOW);
      case RESTART_MILLIS -> below(flush, metric, RESTART_MILLIS_BELOW);
      case RSS_IDLE_MIB -> below(flush, metric, RSS_IDLE_MIB_BELOW);
      default -> "";
    };
  }

  private String below(Flush flush, Metric metric, double limit) {
    OptionalDouble value =
        medians.of(settings.systems().get(0), Measurement.PROCESS, flush, metric);
    if (value.isEmpty()) {
      return "";
    }
    return String.format(
        Locale.ROOT, "below %.0f: %s", limit, value.getAsDouble() < limit ? "reached" : "missed");
  }

  private List<String> others() {
    return settings.systems().subList(1, settings.systems().size());
  }

  private static String cell(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    String format = Math.abs(value.getAsDouble()) >= 100 ? "%,.0f" : "%.2f";
    return String.format(Locale.ROOT, format, value.getAsDouble());
  }
}
