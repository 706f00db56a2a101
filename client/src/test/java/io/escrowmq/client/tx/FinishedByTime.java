package io.escrowmq.client.tx;

import static org.awaitility.Awaitility.await;

import io.escrowmq.client.core.ManualTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Runs what blocks on a thread of its own while the test's time goes on. Owner: the test. */
public final class FinishedByTime implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60); // the machine may be busy
  private static final Duration STEP = Duration.ofMillis(50);

  private final ManualTimer timer;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  public FinishedByTime(ManualTimer timer) {
    this.timer = timer;
  }

  /** Lets time pass until the work is done; throws what it throws. */
  public <T> T run(Supplier<T> work) {
    CompletableFuture<T> result = CompletableFuture.supplyAsync(work, thread);
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> {
      timer.advance(STEP);
      return result.isDone();
    });
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
