package io.escrowmq.broker.core;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when a test says so. */
public final class ManualClock implements InstantSource {

  private long millis;

  public ManualClock(long millis) {
    this.millis = millis;
  }

  public void advance(long byMillis) {
    millis += byMillis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
