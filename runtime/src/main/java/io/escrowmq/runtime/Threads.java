package io.escrowmq.runtime;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** Daemon threads: one for each worker, some for each pool. */
final class Threads implements Loops {

  private final BiConsumer<String, Throwable> failures;

  Threads(BiConsumer<String, Throwable> failures) {
    this.failures = failures;
  }

  @Override
  public Worker worker(String name, Ticker ticker) {
    return new LoopThread(name, ticker, failures);
  }

  @Override
  public Pool pool(String name, int most, int waiting) {
    return new ThreadPool(name, most, waiting, failures);
  }

  @Override
  public <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
    return future.get();
  }

  @Override
  public boolean await(CompletableFuture<?> future, long nanos) throws InterruptedException {
    try {
      future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | CancellationException e) {
      return true; // done; its result is somebody else's business
    }
    return true;
  }
}
