package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How much may still be done: so many messages, until so late. Any thread. */
final class Budget {
  private final AtomicLong left;
  private final long deadlineNanos;

  Budget(long messages, Duration atMost) {
    this.left = new AtomicLong(messages);
    this.deadlineNanos = System.nanoTime() + atMost.toNanos();
  }

  /** Takes so many messages out; false when they are not there any more or it is too late. */
  boolean take(int messages) {
    return left.addAndGet(-messages) >= 0 && !isLate();
  }

  boolean isLate() {
    return System.nanoTime() - deadlineNanos >= 0;
  }
}
