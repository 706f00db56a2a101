package io.escrowmq.broker.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that turns one loop: at once when woken, and when the loop's own time comes. A turn that fails
 * is reported, and the next one comes all the same: nobody else would do what the loop is there for.
 */
public final class LoopThread implements Wakeup, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LoopThread.class);

  private static final long LONGEST_PARK_MILLIS = 1000;
  private static final long PAUSE_MILLIS = 1000; // after a turn that failed

  private final Loop loop;
  private final Ticker ticker;
  private final Thread thread;
  private volatile boolean parked;
  private volatile boolean closed;

  public LoopThread(String name, Loop loop, Ticker ticker) {
    this.loop = loop;
    this.ticker = ticker;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Lets the loop finish what waits, then ends the thread. Blocks until it has ended. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (true) {
      boolean last = closed;
      boolean idle = true;
      try {
        idle = loop.turn() == 0;
        if (idle && !last) {
          park();
        }
      } catch (RuntimeException | Error e) {
        parked = false;
        LOG.error("a turn of {} failed, the next one comes in a second", thread.getName(), e);
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
      }
      if (idle && last) {
        return;
      }
    }
  }

  // Whoever offers work looks at the flag afterwards; we look for work after setting it: one of the
  // two sees the other.
  private void park() {
    parked = true;
    if (!loop.hasWork() && !closed) {
      long wait = Math.min(LONGEST_PARK_MILLIS, loop.nextMillis() - ticker.millis());
      if (wait > 0) {
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(wait));
      }
    }
    parked = false;
  }
}
