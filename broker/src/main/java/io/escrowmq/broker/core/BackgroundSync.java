package io.escrowmq.broker.core;

import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code store.flush=async}: nobody waits for a sync, but one follows within half a second, so that a
 * power failure takes back no more than that, and state files have durable ground to stand on.
 */
final class BackgroundSync implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundSync.class);

  private static final long EVERY_MILLIS = 500;

  private final CommitLog log;
  private final TimedSync sync;
  private final Ticker ticker;
  private final Wakeup logLoop;
  private long nextMillis;
  private boolean failed;

  /** @param logLoop is woken when a sync fails: it has to stop, and not when the next request comes */
  BackgroundSync(CommitLog log, Ticker ticker, Wakeup logLoop) {
    this.log = log;
    this.sync = new TimedSync(log, ticker);
    this.ticker = ticker;
    this.logLoop = logLoop;
  }

  /** Its way to sync, to be watched. */
  TimedSync sync() {
    return sync;
  }

  @Override
  public int turn() {
    if (failed || ticker.millis() < nextMillis) {
      return 0;
    }
    nextMillis = ticker.millis() + EVERY_MILLIS;
    if (log.durable() < log.written()) {
      try {
        sync.sync();
      } catch (StorageException e) {
        failed = true; // the log is closed for good
        LOG.error("the log could not be synced; restart the broker", e);
        logLoop.wake();
      }
    }
    return 0;
  }

  @Override
  public boolean hasWork() {
    return false;
  }

  @Override
  public long nextMillis() {
    return failed ? Long.MAX_VALUE : nextMillis;
  }
}
