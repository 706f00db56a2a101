package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** The arithmetic over several pairs. Immutable. */
record Medians(List<Measurement> measurements) {

  Medians {
    measurements = List.copyOf(measurements);
  }

  /** The median over the pairs of one system's figure; empty when it was never measured. */
  OptionalDouble of(String system, String part, Flush flush, Metric metric) {
    return median(byPair(system, part, flush, metric).values().stream().mapToDouble(v -> v));
  }

  /**
   * The median of the pairs' ratios, not the ratio of the medians: what disturbed the machine for a while disturbed both
   * halves of a pair. Pairs that lack one half, or have nothing below the line, do not count.
   */
  OptionalDouble ratio(String above, String below, String part, Flush flush, Metric metric) {
    return ratio(byPair(above, part, flush, metric), byPair(below, part, flush, metric));
  }

  /** The same for two parts of one system's turns. */
  OptionalDouble ratioOfParts(
      String system, String above, String below, Flush flush, Metric metric) {
    return ratio(byPair(system, above, flush, metric), byPair(system, below, flush, metric));
  }

  private static OptionalDouble ratio(
      Map<Integer, Double> numerators, Map<Integer, Double> denominators) {
    return median(numerators.entrySet().stream()
        .filter(e -> denominators.getOrDefault(e.getKey(), 0.0) > 0)
        .mapToDouble(e -> e.getValue() / denominators.getOrDefault(e.getKey(), 1.0)));
  }

  static OptionalDouble median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }

  private Map<Integer, Double> byPair(String system, String part, Flush flush, Metric metric) {
    return measurements.stream()
        .filter(m -> m.system().equals(system) && m.part().equals(part) && m.flush() == flush)
        .filter(m -> m.values().containsKey(metric))
        .collect(Collectors.toMap(
            Measurement::pair,
            m -> m.values().getOrDefault(metric, Double.NaN),
            (first, second) -> second));
  }
}
