package io.escrowmq.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/** What the generator said of messages that were sent at a pace, second by second; the last place is what came afterwards. */
record PacedSends(
    long[] acknowledged,
    long[] refused,
    long[] late,
    long[] givenUp,
    long[] p99Micros,
    long unanswered,
    long drainedMillis,
    String reasons) {
  private static final double MICROS_PER_MILLI = 1000;

  static PacedSends of(Map<String, String> answer) {
    return new PacedSends(
        numbers(answer, "acknowledged"),
        numbers(answer, "refused"),
        numbers(answer, "late"),
        numbers(answer, "givenup"),
        numbers(answer, "p99"),
        (long) Snapshot.number(answer, "unanswered"),
        (long) Snapshot.number(answer, "drained"),
        answer.getOrDefault("reasons", "").replace('_', ' ').replace('~', ';'));
  }

  private static long[] numbers(Map<String, String> answer, String key) {
    return Arrays.stream(answer.getOrDefault(key, "").split("\\|"))
        .mapToLong(Long::parseLong)
        .toArray();
  }

  int seconds() {
    return acknowledged.length - 1;
  }

  /** Acknowledged in time, a second. */
  double acknowledgedPerSecond() {
    return (double) LongStream.of(acknowledged).limit(seconds()).sum() / seconds();
  }

  /** In time or late, with what came after the end. */
  long acknowledgedAtAll() {
    return LongStream.of(acknowledged).sum() + LongStream.of(late).sum();
  }

  long refusedAtAll() {
    return LongStream.of(refused).sum();
  }

  long slowestSecond() {
    return LongStream.of(acknowledged).limit(seconds()).min().orElse(0);
  }

  double perSecond(long[] counts) {
    return (double) LongStream.of(counts).sum() / seconds();
  }

  /** Of the seconds' ninety-ninth percentiles the middle one. */
  double p99Millis() {
    long[] sorted = LongStream.of(p99Micros).limit(seconds()).sorted().toArray();
    return sorted[sorted.length / 2] / MICROS_PER_MILLI;
  }

  /** How many seconds pass until all of those that follow are as good as this. */
  int secondsUntilBelow(double p99Millis) {
    for (int second = seconds() - 1; second >= 0; second--) {
      boolean isGood = p99Micros[second] <= p99Millis * MICROS_PER_MILLI
          && refused[second] == 0
          && late[second] == 0
          && givenUp[second] == 0;
      if (!isGood) {
        return second + 1;
      }
    }
    return 0;
  }
}
