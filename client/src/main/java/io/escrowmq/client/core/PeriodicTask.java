package io.escrowmq.client.core;

import io.escrowmq.client.core.Timer.TimerEntry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A duty that runs again and again, with a pause from the end of one turn to the beginning of the
 * next. Any thread may call; turns run on the timer's thread, also those that were hurried.
 */
public final class PeriodicTask implements AutoCloseable {

  private final Timer timer;
  private final Duration pause;
  private final Runnable turn;

  // guarded by this
  private @Nullable TimerEntry next;
  private boolean closed;

  /** Waits for {@link #start}. */
  public PeriodicTask(Timer timer, Duration pause, Runnable turn) {
    this.timer = timer;
    this.pause = pause;
    this.turn = turn;
  }

  /** Begins: the first turn comes after one pause. */
  public void start() {
    schedule(pause);
  }

  /** Has the next turn come now. */
  public void hurry() {
    schedule(Duration.ZERO);
  }

  private synchronized void schedule(Duration delay) {
    if (closed) {
      return;
    }
    if (next != null) {
      next.cancel();
    }
    next = timer.after(delay, this::run);
  }

  private void run() {
    synchronized (this) {
      if (closed) {
        return;
      }
      next = null;
    }
    try {
      turn.run();
    } finally {
      synchronized (this) {
        if (next == null) { // not hurried meanwhile
          schedule(pause);
        }
      }
    }
  }

  /** No turn begins any more. */
  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel();
      next = null;
    }
  }
}
