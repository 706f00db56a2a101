package io.escrowmq.bench;

import io.escrowmq.bench.Mode.Flush;
import io.escrowmq.bench.Mode.Kind;

/** What EscrowMQ is to reach against each of the others, and by itself; empty words when a goal is reached or there is none. */
final class Goals {
  private static final double CPU_RATIO = 0.4;
  private static final double SYNC_FLUSH_RATIO = 2;
  private static final double TRANSACTIONS_RATIO = 2;
  private static final double CLIENT_CPU_RATIO = 0.5;
  private static final double TRANSACTIONS_RATIO_TO_KAFKA = 10;
  private static final double P99_MILLIS_AT_1000 = 2;

  private Goals() {}

  /** Judges a figure of the first system's. */
  static String missed(String system, Mode mode, Metric metric, double value) {
    boolean isJudged = system.equals(EscrowMq.WITH_OWN_CLIENT)
        && mode == Mode.LAT1000
        && metric == Metric.P99_MILLIS;
    return isJudged ? atMost(P99_MILLIS_AT_1000, value) : "";
  }

  /** Judges a ratio of the first system to another. */
  static String missed(
      String first, String other, Mode mode, Flush flush, Metric metric, double ratio) {
    if (first.equals(EscrowMq.NAME)) {
      return switch (other) {
        case RocketMq.NAME -> againstRocketMq(mode, flush, metric, ratio);
        case Artemis.NAME -> againstArtemis(mode, metric, ratio);
        default -> "";
      };
    }
    if (first.equals(EscrowMq.WITH_OWN_CLIENT)) {
      return switch (other) {
        case EscrowMq.NAME -> againstRocketMqClient(metric, ratio);
        case Kafka.NAME -> againstKafka(mode, metric, ratio);
        default -> "";
      };
    }
    return "";
  }

  private static String againstRocketMq(Mode mode, Flush flush, Metric metric, double ratio) {
    if (metric == Metric.CPU_PER_MILLION) {
      return atMost(CPU_RATIO, ratio);
    }
    if (metric == Metric.PER_SECOND && mode.kind() == Kind.SYNC_SEND && flush == Flush.SYNC) {
      return atLeast(SYNC_FLUSH_RATIO, ratio);
    }
    if (metric == Metric.PER_SECOND && mode.kind() == Kind.TRANSACTION) {
      return atLeast(TRANSACTIONS_RATIO, ratio);
    }
    return "";
  }

  private static String againstArtemis(Mode mode, Metric metric, double ratio) {
    return metric == Metric.PER_SECOND && mode.kind() == Kind.TRANSACTION ? atLeast(1, ratio) : "";
  }

  private static String againstRocketMqClient(Metric metric, double ratio) {
    return metric == Metric.GENERATOR_CPU_PER_MILLION ? atMost(CLIENT_CPU_RATIO, ratio) : "";
  }

  private static String againstKafka(Mode mode, Metric metric, double ratio) {
    if (metric == Metric.PER_SECOND && mode.kind() == Kind.TRANSACTION) {
      return atLeast(TRANSACTIONS_RATIO_TO_KAFKA, ratio);
    }
    return metric == Metric.PER_CPU_SECOND && mode.kind() == Kind.LINGERING_SEND
        ? atLeast(1, ratio)
        : "";
  }

  private static String atMost(double goal, double value) {
    return value <= goal ? "" : missed(goal);
  }

  private static String atLeast(double goal, double value) {
    return value >= goal ? "" : missed(goal);
  }

  private static String missed(double goal) {
    return " (goal "
        + (goal == Math.rint(goal) ? Long.toString((long) goal) : Double.toString(goal))
        + " missed)";
  }
}
