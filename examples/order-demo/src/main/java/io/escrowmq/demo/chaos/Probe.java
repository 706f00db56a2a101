package io.escrowmq.demo.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a service says that it passes a step, and is held there if the driver wants that. At most one
 * step is armed. Any thread.
 */
public final class Probe {

  private final Consumer<Point> report;
  private @Nullable Point armed; // guarded by this, as the next two
  private int passings;
  private @Nullable CountDownLatch held;

  /**
   * @param report told when a thread is held; it must not block
   */
  public Probe(Consumer<Point> report) {
    this.report = report;
  }

  /** Holds the thread that passes this step for the n-th time from now on, 1 the first. */
  public synchronized void arm(Point point, int passing) {
    armed = point;
    passings = passing;
  }

  /** Lets the thread that is held go on. */
  public synchronized void go() {
    if (held != null) {
      held.countDown();
      held = null;
    }
  }

  /** The calling thread is at this step; returns when it may go on. */
  public void pass(Point point) {
    CountDownLatch hold;
    synchronized (this) {
      if (armed != point || --passings > 0) {
        return;
      }
      armed = null;
      hold = new CountDownLatch(1);
      held = hold;
    }
    report.accept(point);
    try {
      hold.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
