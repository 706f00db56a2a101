package io.escrowmq.client.tx;

import io.escrowmq.runtime.Turn;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a transaction's connection to one call of its work at a time, and then to the end of the
 * transaction, after which no call gets it any more. What the driver does in a call is so before the
 * end or not done at all: done behind it, it would be in no transaction, or in the next one of the
 * connection. Any thread; it may be ended by another thread than the one that works.
 */
final class Turns {

  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
  private static final Duration PATIENCE =
      Duration.ofSeconds(1); // with a call that runs at the end

  /** What is done with the connection when no call has it. */
  @FunctionalInterface
  interface End<E extends Exception> {

    void run() throws E;
  }

  private final String transaction;
  private final Turn turn;
  private final AtomicReference<@Nullable End<?>> left = new AtomicReference<>();
  private volatile boolean over; // no call begins any more
  private volatile @Nullable Statement
      running; // what can be cancelled of the call that has its turn
  private @Nullable Thread worker; // that had the last turn

  /**
   * @param transaction for messages
   * @param turn nobody has it yet
   */
  Turns(String transaction, Turn turn) {
    this.transaction = transaction;
    this.turn = turn;
  }

  /**
   * Begins a call of the work, which {@link #finish} ends; waits for one of another thread.
   *
   * @param executes what can be cancelled of it
   * @return false when the transaction has ended; there is then nothing to finish
   */
  boolean begin(@Nullable Statement executes) {
    if (over) {
      return false;
    }
    turn.take();
    if (over) {
      finish();
      return false;
    }
    worker = Thread.currentThread();
    running = executes;
    return true;
  }

  /** The call is over; does what was left to it. */
  void finish() {
    running = null;
    release();
  }

  boolean isOver() {
    return over;
  }

  /** What the user of a connection is told when there is no turn for him. */
  SQLException refusal() {
    return new SQLException(transaction + " has ended; its connection is given back");
  }

  /** True if this thread, which has the turn to end the transaction, is not the one that worked. */
  boolean isOfAnotherThread() {
    return worker != null && worker != Thread.currentThread();
  }

  /**
   * No call begins any more. Waits a little for one that runs.
   *
   * @return false when it still runs; else the connection is the caller's until {@link #release}
   */
  boolean take() {
    over = true;
    return turn.tryTake() || await();
  }

  private boolean await() {
    try {
      return turn.take(PATIENCE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void release() {
    turn.release();
    while (over && left.get() != null && !turn.isMine() && turn.tryTake()) {
      try {
        runLeft();
      } finally {
        turn.release();
      }
    }
  }

  /**
   * No call begins any more, one that runs is cancelled. Does this when it has stopped; if that takes
   * long, it is left to the call itself, whenever it stops, and this does not wait for it.
   */
  <E extends Exception> void end(End<E> end) throws E {
    over = true;
    if (!turn.tryTake()) {
      cancel();
      if (!await()) {
        leave(end);
        return;
      }
    }
    try {
      end.run();
    } finally {
      release();
    }
  }

  private void cancel() {
    Statement executing = running;
    if (executing == null) {
      return;
    }
    try {
      executing.cancel();
    } catch (SQLException e) {
      LOG.debug("a statement of {} could not be cancelled", transaction, e);
    }
  }

  private void leave(End<?> end) {
    LOG.warn(
        "a statement of {} does not stop; it is rolled back, and its connection given back, as soon"
            + " as it has",
        transaction);
    left.set(end);
    if (turn.tryTake()) { // it has stopped meanwhile
      release();
    }
  }

  private void runLeft() {
    End<?> end = left.getAndSet(null);
    if (end == null) {
      return;
    }
    try {
      end.run();
    } catch (Exception e) { // no caller waits for it any more
      LOG.error("{} did not end as it should", transaction, e);
    }
  }
}
