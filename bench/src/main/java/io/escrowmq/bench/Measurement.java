package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one part of one run came to. Immutable.
 *
 * @param pair from 1
 * @param system its one-word name
 * @param part a mode's name, or {@link #PROCESS} for what belongs to the whole run
 * @param values what was measured; a metric that means nothing here is missing
 * @param threadTicks CPU time of the broker's threads by name, in ticks of 10 ms
 * @param loadAverage of the machine when the part ended
 */
record Measurement(
    int pair,
    String system,
    Flush flush,
    String part,
    Map<Metric, Double> values,
    Map<String, Long> threadTicks,
    String loadAverage) {
  static final String PROCESS = "process";

  Measurement {
    values = Map.copyOf(values);
    threadTicks = Map.copyOf(threadTicks);
  }

  /** One line of JSON. */
  String json() {
    String figures = values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> "\"%s\":%s".formatted(e.getKey().word(), plain(e.getValue())))
        .collect(Collectors.joining(","));
    String threads = threadTicks.entrySet().stream()
        .filter(e -> e.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(e -> "\"%s\":%d".formatted(e.getKey().replaceAll("[\"\\\\]", "_"), e.getValue()))
        .collect(Collectors.joining(","));
    return ("{\"pair\":%d,\"system\":\"%s\",\"flush\":\"%s\",\"part\":\"%s\",%s,"
            + "\"thread_ticks\":{%s},\"load\":\"%s\"}")
        .formatted(pair, system, flush.word(), part, figures, threads, loadAverage);
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
