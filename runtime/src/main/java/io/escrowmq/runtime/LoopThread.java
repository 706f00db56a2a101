package io.escrowmq.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread that turns one loop. A turn that fails is reported, and the next one comes all the same:
 * nothing else would do the loop's work.
 */
final class LoopThread implements Worker {

  private static final long LONGEST_PARK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1); // after a turn that failed

  private final String name;
  private final Ticker ticker;
  private final BiConsumer<String, Throwable> failures;
  private volatile @Nullable Thread thread; // null before the start
  private volatile boolean parked;
  private volatile boolean closed;

  LoopThread(String name, Ticker ticker, BiConsumer<String, Throwable> failures) {
    this.name = name;
    this.ticker = ticker;
    this.failures = failures;
  }

  @Override
  public void start(Loop loop) {
    if (thread != null) {
      throw new IllegalStateException(name + " has a loop already");
    }
    Thread made = new Thread(() -> run(loop), name);
    made.setDaemon(true);
    thread = made;
    try {
      made.start();
    } catch (Error e) { // the machine has no thread left: it may be tried again
      thread = null;
      throw e;
    }
  }

  @Override
  public void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread turning = thread;
    if (turning == null || turning == Thread.currentThread()) {
      return;
    }
    LockSupport.unpark(turning);
    boolean interrupted = false;
    while (turning.isAlive()) {
      try {
        turning.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Loop loop) {
    while (true) {
      boolean last = closed;
      boolean idle = true;
      try {
        idle = loop.turn() == 0;
        if (idle && !last) {
          park(loop);
        }
      } catch (RuntimeException | Error e) {
        parked = false;
        failures.accept(name, e);
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
      if (idle && last) {
        return;
      }
    }
  }

  // Whoever offers work looks at the flag afterwards; we look for work after setting it: one of the
  // two sees the other.
  private void park(Loop loop) {
    parked = true;
    if (!loop.hasWork() && !closed) {
      long wait = Math.min(LONGEST_PARK_NANOS, loop.nextNanos() - ticker.nanos());
      if (wait > 0) {
        LockSupport.parkNanos(this, wait);
      }
    }
    parked = false;
  }
}
