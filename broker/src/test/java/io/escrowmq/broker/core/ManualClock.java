package io.escrowmq.broker.core;

import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.runtime.Ticker;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that moves when a test says so, and the ticker of the same machine. */
public final class ManualClock implements InstantSource {

  private long millis;
  private long ticks;

  public ManualClock(long millis) {
    this.millis = millis;
    this.ticks = millis;
  }

  /** Time passes. */
  public void advance(long byMillis) {
    millis += byMillis;
    ticks += byMillis;
  }

  /** Somebody sets the clock; no time passes. */
  public void jump(long byMillis) {
    millis += byMillis;
  }

  /** Monotonic time; it begins with the clock's own number. */
  public Ticker ticker() {
    return () -> ticks;
  }

  /** A machine with this clock; its threads and chance are real. */
  public Surroundings surroundings() {
    return TestMachine.at(this, ticker());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
