package io.escrowmq.bench;

/**
 * A part of a run, and what the processes used of the processors meanwhile. Immutable.
 *
 * @param brokerTicks of the broker
 * @param loadTicks of the process that sent
 */
record OverloadPhase(PacedSends sends, long brokerTicks, long loadTicks) {
  private static final double MICROS_PER_TICK = 1e6 / ProcFiles.TICKS_PER_SECOND;

  /** Of one processor. */
  double brokerPercent() {
    return percent(brokerTicks);
  }

  /** Of one processor. */
  double loadPercent() {
    return percent(loadTicks);
  }

  private double percent(long ticks) {
    return 100.0 * ticks / ProcFiles.TICKS_PER_SECOND / sends.seconds();
  }

  /** What the broker used for each message that was acknowledged, whatever else it did. */
  double brokerMicrosPerMessage() {
    return brokerTicks * MICROS_PER_TICK / sends.acknowledgedAtAll();
  }

  /** What it used for each that it refused, when one that it takes costs so much. */
  double brokerMicrosPerRefusal(double microsPerMessage) {
    double left = brokerTicks * MICROS_PER_TICK - sends.acknowledgedAtAll() * microsPerMessage;
    return left / Math.max(1, sends.refusedAtAll());
  }
}
