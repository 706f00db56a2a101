package io.escrowmq.client.handle;

import java.util.function.LongSupplier;

/** How many messages were begun and are not settled: what a graceful stop waits for. Any thread. */
final class OpenDeliveries {

  private int count; // guarded by this

  synchronized void begin() {
    count++;
  }

  synchronized void settle() {
    count--;
    if (count == 0) {
      notifyAll();
    }
  }

  /** Waits until all are settled, at most this long; says whether that came about. */
  synchronized boolean awaitNone(long millis, LongSupplier nowMillis) throws InterruptedException {
    long deadline = nowMillis.getAsLong() + millis;
    while (count > 0) {
      long left = deadline - nowMillis.getAsLong();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
