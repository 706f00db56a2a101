package io.escrowmq.bench.load;

import java.time.Duration;

/** Threads that each send one message and wait for its acknowledgement. */
final class SyncSends implements Load {
  private final Target target;
  private final int threads;

  SyncSends(Target target, int threads) {
    this.target = target;
    this.threads = threads;
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
    Workers.run(threads, () -> send(budget, tally));
    return tally.figures(start, 1);
  }

  private void send(Budget budget, Tally tally) {
    while (budget.take(1)) {
      long since = System.nanoTime();
      try {
        tally.acknowledged(1, since, target.send());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        tally.failed(1, e);
      }
    }
  }
}
