package io.escrowmq.bench.load;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Messages sent at an even pace and consumed at the same time. Each carries the moment at which it was <em>due</em>, so that a
 * stall counts for every message that it held up, not only for the one that met it.
 */
final class PacedSends implements Load {
  // beyond this the pace is given up: the broker does not follow, and the latency says so
  private static final int AT_MOST_UNACKNOWLEDGED = 4096;
  private static final long TAIL_SECONDS = 10;
  // RocketMQ's client looks again after 20 s when its first look at the group came too early
  private static final Duration QUEUES_AT_MOST = Duration.ofSeconds(45);

  private final Target target;
  private final long perSecond;
  private @Nullable AutoCloseable consumer;
  // where consumed messages are counted: one tally for the warm-up, one for the measured part
  private volatile Tally current = new Tally();

  PacedSends(Target target, long perSecond) {
    this.target = target;
    this.perSecond = perSecond;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws Exception {
    consumer = target.consume(this::received);
    awaitFirst();
    run(messages, atMost);
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws Exception {
    try {
      return run(messages, atMost);
    } finally {
      if (consumer != null) {
        consumer.close();
      }
    }
  }

  private Figures run(long messages, Duration atMost) throws InterruptedException {
    Tally consumed = new Tally();
    current = consumed;
    long start = System.nanoTime();
    Tally sent = send(messages, atMost, start);
    Budget tail = new Budget(0, Duration.ofSeconds(TAIL_SECONDS));
    while (consumed.messages() < sent.messages() && !tail.isLate()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    Figures out = sent.figures(start, 1);
    Figures in = consumed.figures(start, 1);
    return new Figures(
        in.messages(),
        out.failures() + (out.messages() - in.messages()),
        in.nanos(),
        in.p50Micros(),
        in.p99Micros(),
        in.p999Micros(),
        in.maxMicros(),
        out.highestPosition(),
        out.logBytesPerMessage());
  }

  private void received(byte[] body) {
    long dueNanos = ByteBuffer.wrap(body).getLong();
    current.acknowledged(1, dueNanos, null);
  }

  // A consumer has all its queues when everything that was sent to all of them has arrived.
  private void awaitFirst() throws InterruptedException {
    Tally consumed = new Tally();
    current = consumed;
    long messages = Math.min(perSecond, 500);
    Tally sent = send(messages, Duration.ofSeconds(TAIL_SECONDS), System.nanoTime());
    Budget patience = new Budget(0, QUEUES_AT_MOST);
    while (consumed.messages() < sent.messages()) {
      if (patience.isLate()) {
        throw new IllegalStateException(
            "consumed " + consumed.messages() + " of " + sent.messages());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private Tally send(long messages, Duration atMost, long startNanos) throws InterruptedException {
    Tally tally = new Tally();
    Budget budget = new Budget(messages, atMost);
    Semaphore free = new Semaphore(AT_MOST_UNACKNOWLEDGED);
    long nanosBetween = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long dueNanos = startNanos;
    while (budget.take(1)) {
      while (System.nanoTime() - dueNanos < 0) {
        LockSupport.parkNanos(dueNanos - System.nanoTime());
      }
      free.acquire();
      send(dueNanos, tally, free);
      dueNanos += nanosBetween;
    }
    if (!free.tryAcquire(AT_MOST_UNACKNOWLEDGED, TAIL_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("acknowledgements missing at the end");
    }
    return tally;
  }

  private void send(long dueNanos, Tally tally, Semaphore free) throws InterruptedException {
    byte[] body = new byte[Target.BODY_BYTES];
    ByteBuffer.wrap(body).putLong(dueNanos);
    try {
      target.sendAsync(body, new Tally.CountingOutcome(tally, dueNanos, free));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      tally.failed(1, e);
      free.release();
    }
  }
}
