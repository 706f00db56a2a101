package io.escrowmq.server;

import io.escrowmq.broker.core.Ticker;
import java.util.concurrent.TimeUnit;

/** The machine's monotonic time. On Linux it stands still while the machine is suspended. */
final class SystemTicker implements Ticker {

  private final long firstNanos = System.nanoTime();

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - firstNanos);
  }
}
