package io.escrowmq.broker.core;

import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs the log, and warns when that takes long: a disk that hangs holds everybody up. One thread
 * syncs; another one may ask whether a sync hangs.
 */
final class TimedSync {

  private static final Logger LOG = LoggerFactory.getLogger(TimedSync.class);

  private static final long LONG_MILLIS = 1000;
  private static final long HANGS_MILLIS = 5000;
  private static final long NONE = Long.MIN_VALUE;

  private final CommitLog log;
  private final Ticker ticker;
  private volatile long begunMillis = NONE; // NONE while nothing is synced
  private long toldMillis = NONE; // of which sync it was told; owner: who asks

  TimedSync(CommitLog log, Ticker ticker) {
    this.log = log;
    this.ticker = ticker;
  }

  void sync() {
    long begun = ticker.millis();
    begunMillis = begun;
    try {
      log.sync();
    } finally {
      begunMillis = NONE;
    }
    long took = ticker.millis() - begun;
    if (took >= LONG_MILLIS) {
      LOG.warn("the disk was slow: a sync of the log took {} ms; look at the disk's health", took);
    }
  }

  /** What to tell about a sync that hangs, once; null when there is nothing to tell. */
  @Nullable
  String hanging() {
    long begun = begunMillis;
    if (begun == NONE || begun == toldMillis) {
      return null;
    }
    long millis = ticker.millis() - begun;
    if (millis < HANGS_MILLIS) {
      return null;
    }
    toldMillis = begun;
    return "the disk hangs: a sync of the log has not ended for " + millis
        + " ms; look at the disk's health";
  }
}
