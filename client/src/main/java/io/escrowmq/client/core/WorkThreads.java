package io.escrowmq.client.core;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Daemon threads for work that may block, the application's code above all. Refuses work when too much
 * waits, and when it is closed.
 */
public final class WorkThreads implements Executor, AutoCloseable {

  private static final Duration IDLE = Duration.ofSeconds(30);

  private final ThreadPoolExecutor threads;

  /**
   * @param most threads at a time; idle ones end
   * @param waiting at most so much work waits for a thread
   */
  public WorkThreads(String name, int most, int waiting) {
    threads = new ThreadPoolExecutor(
        most,
        most,
        IDLE.toMillis(),
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(waiting),
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs it as soon as a thread is free.
   *
   * @throws RejectedExecutionException when too much waits, or when closed
   */
  @Override
  public void execute(Runnable work) {
    threads.execute(work);
  }

  /** Drops what waits, lets go on what runs; does not wait. */
  @Override
  public void close() {
    threads.getQueue().clear();
    threads.shutdown();
  }
}
