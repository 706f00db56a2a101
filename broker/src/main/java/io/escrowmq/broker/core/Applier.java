package io.escrowmq.broker.core;

import io.escrowmq.store.LogRecord;

/**
 * Changes a view by a record. Live, on a slave and at restart alike: same records, same state. May
 * not refuse; a record that cannot be applied is a broken promise and stops the loop.
 */
@FunctionalInterface
public interface Applier {

  /** The record is valid during the call only. */
  void apply(LogRecord record);
}
