package io.escrowmq.runtime;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** Daemon threads that come when they are needed and end when they are idle. */
final class ThreadPool implements Pool {

  private static final Duration IDLE = Duration.ofSeconds(30);

  private final String name;
  private final BiConsumer<String, Throwable> failures;
  private final ThreadPoolExecutor threads;

  ThreadPool(String name, int most, int waiting, BiConsumer<String, Throwable> failures) {
    this.name = name;
    this.failures = failures;
    AtomicInteger made = new AtomicInteger();
    threads = new ThreadPoolExecutor(
        most,
        most,
        IDLE.toMillis(),
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(waiting),
        work -> {
          String numbered = most == 1 ? name : name + "-" + made.incrementAndGet();
          Thread thread = new Thread(work, numbered);
          thread.setDaemon(true);
          return thread;
        });
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable work) {
    threads.execute(() -> run(work));
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failures.accept(name, e);
    }
  }

  @Override
  public void close() {
    threads.getQueue().clear();
    threads.shutdown();
  }
}
