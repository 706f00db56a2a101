package io.escrowmq.broker.core;

import io.escrowmq.runtime.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns while a sync hangs. By a thread of its own: with a disk that hangs, those that write may hang
 * as well.
 */
final class SyncWatch implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(SyncWatch.class);

  private final TimedSync sync;

  SyncWatch(TimedSync sync) {
    this.sync = sync;
  }

  @Override
  public int turn() {
    String line = sync.hanging();
    if (line != null) {
      LOG.warn(line);
    }
    return 0;
  }

  @Override
  public boolean hasWork() {
    return false;
  }

  /** A loop's thread looks once a second anyway. */
  @Override
  public long nextMillis() {
    return Long.MAX_VALUE;
  }
}
