package io.escrowmq.broker.core;

import java.time.InstantSource;

/** A loop that does one thing every so often. */
public final class Periodic implements Loop {

  private final Runnable work;
  private final long everyMillis;
  private final InstantSource clock;
  private long nextMillis;

  public Periodic(Runnable work, long everyMillis, InstantSource clock) {
    this.work = work;
    this.everyMillis = everyMillis;
    this.clock = clock;
  }

  @Override
  public int turn() {
    long now = clock.millis();
    if (now >= nextMillis) {
      nextMillis = now + everyMillis;
      work.run();
    }
    return 0;
  }

  @Override
  public boolean hasWork() {
    return false;
  }

  @Override
  public long nextMillis() {
    return nextMillis;
  }
}
