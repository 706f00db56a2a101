package io.escrowmq.broker.tx;

import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.CheckSchedule;

/**
 * How half-messages are kept and asked about.
 *
 * @param exhausted what happens when all checks were in vain
 */
public record TransactionSettings(
    CheckSchedule schedule, Bounds bounds, ExhaustionPolicy exhausted) {

  public static final TransactionSettings DEFAULT = new TransactionSettings(
      new CheckSchedule(6_000, 10_000, 600_000, 15),
      new Bounds(1_000_000, 8L << 30, 500_000, 4L << 30),
      ExhaustionPolicy.SUSPEND);
}
