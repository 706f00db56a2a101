package io.escrowmq.client.core;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The system's clock, and one daemon thread for duties. */
public final class RealTimer implements Timer, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RealTimer.class);

  private final ScheduledThreadPoolExecutor thread;
  private final InstantSource steady = steadyClock();

  public RealTimer(String threadName) {
    thread = new ScheduledThreadPoolExecutor(1, duty -> {
      Thread made = new Thread(duty, threadName);
      made.setDaemon(true);
      return made;
    });
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public long steadyMillis() {
    return steady.millis();
  }

  /** A clock that begins now and does not leap when the machine's does. */
  public static InstantSource steadyClock() {
    return new SteadyClock(InstantSource.system(), System::nanoTime);
  }

  @Override
  public Scheduled after(Duration delay, Runnable duty) {
    try {
      ScheduledFuture<?> waiting =
          thread.schedule(() -> run(duty), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> waiting.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  private static void run(Runnable duty) {
    try {
      duty.run();
    } catch (RuntimeException | Error e) { // the pool would keep it to itself
      LOG.error("a duty of the client failed", e);
    }
  }

  /** Drops what waits; does not wait for what runs. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
