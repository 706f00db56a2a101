package io.escrowmq.bench.load;

import java.time.Duration;

/** Four threads that each send one batch and wait for its acknowledgement. Latency is that of a batch. */
final class BatchSends implements Load {
  private static final int THREADS = 4;

  private final Target target;
  private final int size;
  private final long untilPosition;

  /** {@code untilPosition}: ends as well as soon as the broker's log has reached it. */
  BatchSends(Target target, int size, long untilPosition) {
    this.target = target;
    this.size = size;
    this.untilPosition = untilPosition;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws InterruptedException {
    measure(messages, atMost);
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws InterruptedException {
    Tally tally = new Tally();
    Budget budget = new Budget(messages, atMost);
    long start = System.nanoTime();
    Workers.run(THREADS, () -> {
      while (tally.highestPosition() < untilPosition && budget.take(size)) {
        send(tally);
      }
    });
    return tally.figures(start, size);
  }

  private void send(Tally tally) {
    long since = System.nanoTime();
    try {
      tally.acknowledged(size, since, target.sendBatch(size));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      tally.failed(size, e);
    }
  }
}
