package io.escrowmq.client.send;

import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.core.Timer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of messages that are under way. Any thread. A message larger than the bound may go when
 * nothing else is under way.
 */
public final class InFlight {

  private final long most;
  private final Timer timer;
  private final AtomicLong used = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();

  public InFlight(long most, Timer timer) {
    this.most = most;
    this.timer = timer;
  }

  /** Takes room without waiting. */
  public void take(long bytes) {
    if (!tryTake(bytes)) {
      throw new OverloadedException(
          used + " of " + most + " bytes are under way, no room for " + bytes
              + " more; wait for confirmations, or raise maxInFlightBytes",
          null,
          null);
    }
  }

  /** Takes room; waits for it until the deadline. */
  public void take(long bytes, long deadlineNanos) throws InterruptedException {
    if (tryTake(bytes)) {
      return;
    }
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet();
      long left = deadlineNanos - timer.nanoTime();
      while (!tryTake(bytes)) {
        if (left <= 0) {
          take(bytes);
          return;
        }
        left = released.awaitNanos(left);
      }
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  private boolean tryTake(long bytes) {
    long before;
    do {
      before = used.get();
      if (before > 0 && before + bytes > most) {
        return false;
      }
    } while (!used.compareAndSet(before, before + bytes));
    return true;
  }

  public void release(long bytes) {
    used.addAndGet(-bytes);
    if (waiting.get() > 0) {
      lock.lock();
      try {
        released.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until nothing is under way, at most this long; says whether that came about. */
  public boolean awaitNone(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet();
      while (used.get() > 0) {
        if (left <= 0) {
          return false;
        }
        left = released.awaitNanos(left);
      }
      return true;
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }
}
