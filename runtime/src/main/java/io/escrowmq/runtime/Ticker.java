package io.escrowmq.runtime;

import java.util.concurrent.TimeUnit;

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

  /** The machine's own. On Linux it stands still while the machine is suspended. */
  static Ticker ofThisMachine() {
    return new SystemTicker();
  }

  /** Nanoseconds since the same moment, as fine as the implementation can tell. */
  default long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(millis());
  }
}
