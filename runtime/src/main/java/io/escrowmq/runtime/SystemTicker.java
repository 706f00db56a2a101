package io.escrowmq.runtime;

import java.util.concurrent.TimeUnit;

/** The machine's monotonic time. On Linux it stands still while the machine is suspended. */
final class SystemTicker implements Ticker {

  private final long firstNanos = System.nanoTime();

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos());
  }

  @Override
  public long nanos() {
    return System.nanoTime() - firstNanos;
  }
}
