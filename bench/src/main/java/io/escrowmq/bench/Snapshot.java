package io.escrowmq.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the kernel had counted at one moment. Immutable. */
record Snapshot(ProcFiles.Cpu broker, ProcFiles.Cpu generator, Map<String, Long> threads) {
  private static final Pattern COMPILERS = Pattern.compile("C[12] CompilerThre.*");
  private static final Pattern COLLECTORS = Pattern.compile("(GC|G1|Par|Shen|Z).*|VM Thread");
  private static final double MICROS_PER_MILLI = 1000;
  private static final double MILLION = 1_000_000;
  private static final double PERCENT = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  static Snapshot of(ProcFiles proc, long brokerPid, long generatorPid) throws IOException {
    return new Snapshot(proc.cpu(brokerPid), proc.cpu(generatorPid), proc.cpuByThread(brokerPid));
  }

  /** The figures of a measured part: what was counted since {@code before}, and what the load generator answered. */
  Map<Metric, Double> since(Snapshot before, Map<String, String> answer) {
    double messages = number(answer, "messages");
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.MESSAGES, messages);
    values.put(Metric.FAILURES, number(answer, "failures"));
    if (messages == 0) {
      return values;
    }
    ProcFiles.Cpu cpu = broker.minus(before.broker);
    values.put(Metric.PER_SECOND, messages * NANOS_PER_SECOND / number(answer, "nanos"));
    values.put(Metric.CPU_PER_MILLION, cpu.seconds() * MILLION / messages);
    values.put(Metric.SYSTEM_CPU_PER_MILLION, cpu.systemSeconds() * MILLION / messages);
    Map<String, Long> byThread = threadsSince(before);
    values.put(Metric.COMPILER_CPU_PER_MILLION, seconds(byThread, COMPILERS) * MILLION / messages);
    values.put(
        Metric.COLLECTOR_CPU_PER_MILLION, seconds(byThread, COLLECTORS) * MILLION / messages);
    double generatorSeconds = generator.minus(before.generator).seconds();
    values.put(Metric.GENERATOR_CPU_PER_MILLION, generatorSeconds * MILLION / messages);
    if (cpu.seconds() + generatorSeconds > 0) {
      values.put(Metric.PER_CPU_SECOND, messages / (cpu.seconds() + generatorSeconds));
    }
    if (number(answer, "max") > 0) {
      values.put(Metric.P50_MILLIS, number(answer, "p50") / MICROS_PER_MILLI);
      values.put(Metric.P99_MILLIS, number(answer, "p99") / MICROS_PER_MILLI);
      values.put(Metric.P999_MILLIS, number(answer, "p999") / MICROS_PER_MILLI);
      values.put(Metric.MAX_MILLIS, number(answer, "max") / MICROS_PER_MILLI);
    }
    if (number(answer, "logbytes") > 0) {
      values.put(Metric.LOG_BYTES, number(answer, "logbytes"));
    }
    return values;
  }

  /** The figures of what the load generator found out after transactions that it reported as committed. */
  static Map<Metric, Double> aftermath(Map<String, String> answer, double committed) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    if (committed == 0) {
      return values;
    }
    values.put(Metric.CALL_P50_MILLIS, number(answer, "callp50") / MICROS_PER_MILLI);
    values.put(Metric.CALL_P99_MILLIS, number(answer, "callp99") / MICROS_PER_MILLI);
    values.put(Metric.CALL_P999_MILLIS, number(answer, "callp999") / MICROS_PER_MILLI);
    double visible = number(answer, "visible");
    if (visible >= 0) {
      values.put(Metric.VISIBLE, visible);
      values.put(Metric.VISIBLE_PERCENT, PERCENT * visible / committed);
    }
    values.put(Metric.CHECKS, number(answer, "checks"));
    if (number(answer, "logbytes") > 0) {
      values.put(Metric.LOG_BYTES, number(answer, "logbytes") / committed);
    }
    return values;
  }

  /** CPU time by thread name since {@code before}, in ticks. Threads that ended in between are missing. */
  Map<String, Long> threadsSince(Snapshot before) {
    Map<String, Long> since = new TreeMap<>(threads);
    before.threads.forEach((name, ticks) -> since.computeIfPresent(name, (n, now) -> now - ticks));
    return since;
  }

  private static double seconds(Map<String, Long> threadTicks, Pattern names) {
    return threadTicks.entrySet().stream()
            .filter(entry -> names.matcher(entry.getKey()).matches())
            .mapToDouble(Map.Entry::getValue)
            .sum()
        / ProcFiles.TICKS_PER_SECOND;
  }

  static double number(Map<String, String> answer, String key) {
    return Double.parseDouble(answer.getOrDefault(key, "0"));
  }
}
