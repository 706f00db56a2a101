package io.escrowmq.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** What became of messages, by the second in which their answer came. Owner: one thread. */
final class Seconds {
  private static final long LONGEST_MICROS = 60_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MICRO = 1000;
  private static final int MOST_REASONS = 20;

  private final long began;
  private final long patienceNanos;
  private final long[] acknowledged;
  private final long[] refused;
  private final long[] late;
  private final long[] givenUp;
  private final Histogram[] latencies;
  private final Map<String, Long> reasons = new TreeMap<>();
  private long unanswered;
  private long drainedNanos;

  /** {@code patienceNanos}: an answer that comes later is nobody's any more. */
  Seconds(long began, int count, long patienceNanos) {
    this.began = began;
    this.patienceNanos = patienceNanos;
    this.acknowledged = new long[count + 1]; // the last one for what comes after the end
    this.refused = new long[count + 1];
    this.late = new long[count + 1];
    this.givenUp = new long[count + 1];
    this.latencies = IntStream.rangeClosed(0, count)
        .mapToObj(second -> new Histogram(LONGEST_MICROS, 2))
        .toArray(Histogram[]::new);
  }

  private int at(long nanos) {
    return (int) Math.min(acknowledged.length - 1, (nanos - began) / NANOS_PER_SECOND);
  }

  void answered(long dueAt, long now, int code, String remark) {
    int second = at(now);
    latencies[second].recordValue(Math.min(LONGEST_MICROS, (now - dueAt) / NANOS_PER_MICRO));
    if (code != 0) {
      refused[second]++;
      // numbers in it differ from case to case
      String reason = code + " " + remark.replaceAll("[0-9][0-9,.]*", "N");
      if (reasons.size() < MOST_REASONS || reasons.containsKey(reason)) {
        reasons.merge(reason, 1L, Long::sum);
      }
    } else if (now - dueAt > patienceNanos) {
      late[second]++;
    } else {
      acknowledged[second]++;
    }
  }

  /** Never left the client. */
  void givenUp(long dueAt) {
    givenUp[at(dueAt)]++;
  }

  /** So many had no answer when the last one had come, or had been waited for, so long after the last send. */
  void ended(long withoutAnswer, long nanosAfter) {
    unanswered = withoutAnswer;
    drainedNanos = nanosAfter;
  }

  /** One line; what happened in each second is separated by bars, reasons by tildes, their blanks by underscores. */
  String line() {
    StringBuilder p99 = new StringBuilder();
    StringBuilder max = new StringBuilder();
    for (Histogram latency : latencies) {
      p99.append(latency.getValueAtPercentile(99)).append('|');
      max.append(latency.getMaxValue()).append('|');
    }
    StringBuilder why = new StringBuilder();
    reasons.forEach(
        (reason, count) -> why.append(count).append(" x ").append(reason).append('~'));
    return "acknowledged=%s refused=%s late=%s givenup=%s p99=%s max=%s unanswered=%d drained=%d reasons=%s"
        .formatted(
            joined(acknowledged),
            joined(refused),
            joined(late),
            joined(givenUp),
            p99,
            max,
            unanswered,
            drainedNanos / NANOS_PER_MICRO / 1000,
            why.toString().replace(' ', '_').replace('=', ':'));
  }

  private static String joined(long[] values) {
    StringBuilder text = new StringBuilder();
    for (long value : values) {
      text.append(value).append('|');
    }
    return text.toString();
  }
}
