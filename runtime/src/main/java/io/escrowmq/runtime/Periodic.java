package io.escrowmq.runtime;

/** A loop that does one thing every so often. */
public final class Periodic implements Loop {

  private final Runnable work;
  private final long everyMillis;
  private final Ticker ticker;
  private long nextMillis;

  public Periodic(Runnable work, long everyMillis, Ticker ticker) {
    this.work = work;
    this.everyMillis = everyMillis;
    this.ticker = ticker;
  }

  @Override
  public int turn() {
    long now = ticker.millis();
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
