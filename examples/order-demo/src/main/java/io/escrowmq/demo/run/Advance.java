package io.escrowmq.demo.run;

import java.time.Duration;

/** How far the orders are, and whether it is all over. Any thread. */
final class Advance {

  private int over; // guarded by this, as the next
  private boolean finished;

  /** So many orders are over. */
  synchronized void reached(int orders) {
    over = orders;
    notifyAll();
  }

  /** Nothing more will happen. */
  synchronized void finish() {
    finished = true;
    notifyAll();
  }

  synchronized boolean isFinished() {
    return finished;
  }

  /** Waits for so many orders to be over; false when it is finished before. */
  synchronized boolean await(int orders) throws InterruptedException {
    while (over < orders && !finished) {
      wait();
    }
    return !finished;
  }

  /** Waits, at most so long, for it to be finished. */
  synchronized void pause(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (left > 0 && !finished) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
  }
}
