package io.escrowmq.client.handle;

import io.escrowmq.client.core.Signal;
import java.util.concurrent.atomic.AtomicInteger;

/** How many messages were begun and are not settled: what a graceful stop waits for. Any thread. */
final class OpenDeliveries {

  private final AtomicInteger count = new AtomicInteger();
  private final Signal none;

  OpenDeliveries(Signal none) {
    this.none = none;
  }

  void begin() {
    count.incrementAndGet();
  }

  void settle() {
    if (count.decrementAndGet() == 0) {
      none.raise();
    }
  }

  /** Waits until all are settled, at most until the deadline; says whether that came about. */
  boolean awaitNone(long deadlineNanos) throws InterruptedException {
    return none.await(() -> count.get() == 0, deadlineNanos);
  }
}
