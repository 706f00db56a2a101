package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Syncs the log, and warns when that takes long: a disk that hangs holds everybody up. One thread. */
final class TimedSync {

  private static final Logger LOG = LoggerFactory.getLogger(TimedSync.class);

  private static final long LONG_MILLIS = 1000;

  private final CommitLog log;
  private final Ticker ticker;

  TimedSync(CommitLog log, Ticker ticker) {
    this.log = log;
    this.ticker = ticker;
  }

  void sync() {
    long begun = ticker.millis();
    log.sync();
    long took = ticker.millis() - begun;
    if (took >= LONG_MILLIS) {
      LOG.warn("the disk was slow: a sync of the log took {} ms; look at the disk's health", took);
    }
  }
}
