package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Messages sent beforehand are taken out by a push consumer of a new group; time runs from the first to the last. */
final class Drain implements Load {
  /** Messages in one request while there is only filling to do. */
  static final int BATCH = 32;

  private final Target topic;
  private final Target warmTopic;
  private final long backlog;

  /** {@code backlog}: messages that wait when the measured part begins. */
  Drain(Target topic, Target warmTopic, long backlog) {
    this.topic = topic;
    this.warmTopic = warmTopic;
    this.backlog = backlog;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws Exception {
    drain(warmTopic, fill(warmTopic, messages, atMost), atMost);
    long filled = fill(topic, backlog, atMost.plusMinutes(2));
    if (filled < backlog) {
      throw new IllegalStateException("only " + filled + " of " + backlog + " messages to drain");
    }
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws Exception {
    return drain(topic, backlog, atMost);
  }

  private static long fill(Target topic, long messages, Duration atMost)
      throws InterruptedException {
    long whole = (messages + BATCH - 1) / BATCH * BATCH;
    return new BatchSends(topic, BATCH, Long.MAX_VALUE).measure(whole, atMost).messages();
  }

  private static Figures drain(Target topic, long messages, Duration atMost) throws Exception {
    AtomicLong seen = new AtomicLong();
    AtomicLong firstNanos = new AtomicLong();
    AtomicLong lastNanos = new AtomicLong();
    CountDownLatch all = new CountDownLatch(1);
    AutoCloseable consumer = topic.consume(body -> {
      long number = seen.incrementAndGet();
      if (number == 1) {
        firstNanos.set(System.nanoTime());
      } else if (number == messages) {
        lastNanos.set(System.nanoTime());
        all.countDown();
      }
    });
    try {
      if (!all.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        lastNanos.set(System.nanoTime());
      }
      long nanos = Math.max(1, lastNanos.get() - firstNanos.get());
      return new Figures(seen.get(), 0, nanos, 0, 0, 0, 0, -1, 0);
    } finally {
      // unsubscribing is not part of the measured time, but of this call: it is a handful of
      // requests
      consumer.close();
    }
  }
}
