package io.escrowmq.client.send;

import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.core.Signal;
import io.escrowmq.client.core.Timer;
import io.escrowmq.runtime.Loops;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of messages that are under way. Any thread. A message larger than the bound may go when
 * nothing else is under way.
 */
public final class InFlight {

  private final long most;
  private final Timer timer;
  private final AtomicLong used = new AtomicLong();
  private final Signal released;

  public InFlight(long most, Loops loops, Timer timer) {
    this.most = most;
    this.timer = timer;
    this.released = new Signal(loops, timer);
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
    if (!tryTake(bytes) && !released.await(() -> tryTake(bytes), deadlineNanos)) {
      take(bytes);
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
    released.raise();
  }

  /** Waits until nothing is under way, at most this long; says whether that came about. */
  public boolean awaitNone(long nanos) throws InterruptedException {
    return released.await(() -> used.get() <= 0, timer.nanoTime() + nanos);
  }
}
