package io.escrowmq.broker.core;

import io.escrowmq.store.RetentionSettings;

/** How long, and how much, a broker keeps now. It outlives cores. Any thread. */
public final class RetentionLimits {

  private volatile RetentionSettings now;

  public RetentionLimits(RetentionSettings first) {
    now = first;
  }

  public RetentionSettings now() {
    return now;
  }

  /** Others hold from the next look at old segments on. */
  public void change(RetentionSettings changed) {
    now = changed;
  }
}
