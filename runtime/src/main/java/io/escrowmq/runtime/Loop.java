package io.escrowmq.runtime;

import java.util.concurrent.TimeUnit;

/** An object that does bounded work when it is its turn. Who calls, and on what thread, is not its business. */
public interface Loop {

  /** One turn. Returns how many things were moved; 0 when idle. */
  int turn();

  /** True when a turn would find something that did not wait before. */
  boolean hasWork();

  /**
   * When the next turn is due that nobody has to ask for, by the {@link Ticker}; {@code
   * Long.MAX_VALUE} when there is none.
   */
  long nextMillis();

  /** The same in nanoseconds, for loops to which a millisecond matters. */
  default long nextNanos() {
    return TimeUnit.MILLISECONDS.toNanos(nextMillis());
  }
}
