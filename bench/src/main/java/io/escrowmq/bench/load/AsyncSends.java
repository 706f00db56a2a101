package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One thread that keeps a window of unacknowledged messages full. */
final class AsyncSends implements Load {
  private static final long CLIENT_TIMEOUT_SECONDS = 15;

  private final int window;
  private final Supplier<AsyncSend> sends;

  AsyncSends(Target target, int window) {
    this(window, always(outcome -> target.sendAsync(Target.BODY, outcome)));
  }

  /** Each send is made and then begun; the making may take its time, which is not counted as latency. */
  AsyncSends(int window, Supplier<AsyncSend> sends) {
    this.window = window;
    this.sends = sends;
  }

  private static Supplier<AsyncSend> always(AsyncSend sending) {
    return () -> sending;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws InterruptedException {
    measure(messages, atMost);
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws InterruptedException {
    Tally tally = new Tally();
    Budget budget = new Budget(messages, atMost);
    Semaphore free = new Semaphore(window);
    long start = System.nanoTime();
    while (budget.take(1)) {
      if (!free.tryAcquire(CLIENT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "no acknowledgement and no failure for " + CLIENT_TIMEOUT_SECONDS + " s");
      }
      send(tally, free);
    }
    if (!free.tryAcquire(window, CLIENT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("acknowledgements missing at the end");
    }
    return tally.figures(start, 1);
  }

  private void send(Tally tally, Semaphore free) throws InterruptedException {
    AsyncSend next = sends.get();
    try {
      next.begin(new Tally.CountingOutcome(tally, System.nanoTime(), free));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      tally.failed(1, e);
      free.release();
    }
  }

  /** One send that is not waited for, as {@link Target#sendAsync}. */
  @FunctionalInterface
  interface AsyncSend {
    void begin(Target.Outcome outcome) throws Exception;
  }
}
