package io.escrowmq.broker.core;

import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * {@code replication.ack=sync}: a batch is settled when enough replicas have it. Whoever learns that something is
 * safe settles: the loop that wrote, or the one that heard of a replica; one at a time, in the order of the turns.
 * Those who have waited for too long are told that the outcome is unknown; what they sent is shown when it is safe.
 */
final class ReplicatedSettlement implements Settlement, Loop {

  private record Waiting(Batch batch, long sinceMillis) {}

  /** How long those who wait for an answer wait: less than the 3 s after which usual clients give up. */
  static final long PATIENCE_MILLIS = 2_500;

  private static final long LOOK_MILLIS = 250;

  private final CommitLog log;
  private final Ticker ticker;
  private final Worker worker;
  private final Runnable safer;
  private final Wakeup logLoop;
  private final Queue<Waiting> handed = new ConcurrentLinkedQueue<>(); // bounded by the inbox
  private final UnansweredBatches unanswered = new UnansweredBatches(); // were handed before those
  private final AtomicBoolean settling = new AtomicBoolean(); // its setter takes out
  private volatile @Nullable String stopped;

  /**
   * @param worker turns this
   * @param safer is told that the log is {@link CommitLog#safe} further than before
   * @param logLoop is woken when a batch fails: it has to stop, and not when the next request comes
   */
  ReplicatedSettlement(
      CommitLog log, Ticker ticker, Worker worker, Runnable safer, Wakeup logLoop) {
    this.log = log;
    this.ticker = ticker;
    this.worker = worker;
    this.safer = safer;
    this.logLoop = logLoop;
  }

  Worker worker() {
    return worker;
  }

  @Override
  public void hand(Batch batch) {
    handed.add(new Waiting(batch, ticker.millis()));
    safer.run();
    settle();
  }

  /** Something more may be visible. Any thread. */
  void settle() {
    while (hasSafe() && settling.compareAndSet(false, true)) {
      try {
        settleSafe();
      } finally {
        settling.set(false);
      }
    }
  }

  private boolean hasSafe() {
    Batch oldest = oldest();
    return oldest != null && (oldest.end() <= log.visible() || stopped != null);
  }

  private @Nullable Batch oldest() {
    Batch first = unanswered.peek();
    Waiting next = handed.peek();
    return first != null || next == null ? first : next.batch();
  }

  private void settleSafe() {
    for (Batch oldest = oldest(); oldest != null; oldest = oldest()) {
      String why = stopped;
      if (why == null && oldest.end() > log.visible()) {
        return;
      }
      if (!unanswered.remove()) {
        handed.remove();
      }
      if (oldest.end() <= log.visible()) {
        settle(oldest);
      } else {
        oldest.abandon(String.valueOf(why));
      }
    }
  }

  // Answers and effects fail alone; what is thrown here leaves open what is shown. That stops the
  // log, as
  // in its own turn, and costs neither the batches behind it nor whoever has brought the news.
  private void settle(Batch batch) {
    try {
      batch.settle();
    } catch (RuntimeException | Error e) {
      log.fail("a batch could not be settled: " + e, e);
      logLoop.wake();
    }
  }

  /** How many batches are kept of which nobody waits for an answer. */
  int unanswered() {
    return unanswered.size();
  }

  /** Nothing is settled any more: whoever waits is told why. */
  void stop(String why) {
    stopped = why;
    settle();
  }

  // Loop: those who wait for too long

  @Override
  public int turn() {
    if (!settling.compareAndSet(false, true)) {
      return 0;
    }
    int told = 0;
    try {
      settleSafe();
      long now = ticker.millis();
      Waiting oldest = handed.peek();
      while (oldest != null && now - oldest.sinceMillis() >= PATIENCE_MILLIS) {
        handed.remove();
        unanswered.add(oldest
            .batch()
            .giveUpWaiting(
                "[NOT-REPLICATED] what was sent is recorded, but not on enough replicas after "
                    + PATIENCE_MILLIS
                    + " ms: the outcome is unknown. Send it again, and look at the"
                    + " followers"));
        told++;
        oldest = handed.peek();
      }
    } finally {
      settling.set(false);
    }
    settle(); // what came meanwhile
    return told;
  }

  @Override
  public boolean hasWork() {
    return false;
  }

  @Override
  public long nextMillis() {
    return ticker.millis() + LOOK_MILLIS;
  }
}
