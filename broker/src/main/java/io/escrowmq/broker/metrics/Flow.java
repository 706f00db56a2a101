package io.escrowmq.broker.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Messages that went one way. Any thread adds; readers see sums that may lag. */
public final class Flow {

  private final LongAdder messages = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder times = new LongAdder();

  /** Some messages went at once. */
  public void add(int count, long size) {
    messages.add(count);
    bytes.add(size);
    times.increment();
  }

  public long messages() {
    return messages.sum();
  }

  public long bytes() {
    return bytes.sum();
  }

  /** How often messages went, one or several at once. */
  public long times() {
    return times.sum();
  }
}
