package io.escrowmq.broker.core;

/**
 * Monotonic time, for everything that is a span: pauses, deadlines, leases.
 *
 * <p>The caller uses differences and orders only. The implementation never goes back and never leaps,
 * whatever is done to the machine's wall clock.
 */
@FunctionalInterface
public interface Ticker {

  /** Milliseconds since some moment. */
  long millis();
}
