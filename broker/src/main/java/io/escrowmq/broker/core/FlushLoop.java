package io.escrowmq.broker.core;

import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.StorageException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: one sync covers every batch that was written before it.
 *
 * <p>Owner of nothing but what is on disk. A failed sync is final: whoever waits is told that the
 * log stopped, and nothing is acknowledged any more.
 */
final class FlushLoop implements Settlement, Loop {

  private static final Logger LOG = LoggerFactory.getLogger(FlushLoop.class);

  private final CommitLog log;
  private final TimedSync sync;
  private final Wakeup logLoop;
  private final Wakeup wakeup;
  private final Settlement next;
  private final Queue<Batch> handed =
      new ConcurrentLinkedQueue<>(); // bounded: the inbox counts what is not settled
  private volatile @Nullable String failure; // set once

  /**
   * @param wakeup wakes the worker that turns this loop
   * @param logLoop is woken when a sync fails: it has to stop, and not when the next request comes
   * @param next takes what is synced
   */
  FlushLoop(CommitLog log, Ticker ticker, Wakeup wakeup, Wakeup logLoop, Settlement next) {
    this.log = log;
    this.sync = new TimedSync(log, ticker);
    this.wakeup = wakeup;
    this.logLoop = logLoop;
    this.next = next;
  }

  /** Its way to sync, to be watched. */
  TimedSync sync() {
    return sync;
  }

  @Override
  public void hand(Batch batch) {
    handed.add(batch);
    wakeup.wake();
  }

  @Override
  public int turn() {
    if (handed.isEmpty()) {
      return 0;
    }
    String why = failure;
    if (why == null) {
      why = syncOrReason();
    }
    int settled = 0;
    for (Batch batch = handed.peek(); batch != null; batch = handed.peek()) {
      if (why == null && batch.end() > log.durable()) {
        break;
      }
      handed.remove(); // first, so that it is never settled twice
      if (why == null) {
        next.hand(batch);
      } else {
        batch.abandon(why);
      }
      settled++;
    }
    return settled;
  }

  @Override
  public boolean hasWork() {
    return !handed.isEmpty();
  }

  @Override
  public long nextMillis() {
    return Long.MAX_VALUE;
  }

  private @Nullable String syncOrReason() {
    try {
      sync.sync();
      return null;
    } catch (StorageException e) {
      String why = "the log could not be synced: " + e.getMessage();
      LOG.error("{}; nothing is acknowledged any more, restart the broker", why, e);
      failure = why;
      logLoop.wake();
      return why;
    }
  }
}
