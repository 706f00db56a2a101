package io.escrowmq.broker.core;

/**
 * How many proposals may wait, so that none waits much longer than a second: clients give up after
 * three, and what is done for them later is lost. As many as were taken in the last second, while more
 * than a few wait; with few the broker keeps up, and a burst may fill the inbox. Owner: whoever has the
 * turn.
 */
final class WaitBound {

  /** So few may always wait: they are taken at once, or the disk hangs. */
  static final int FEW = 1 << 10;

  private static final long LONGEST_MILLIS = 1_000;
  private static final long SAMPLE_MILLIS = 100;

  private final int most;
  private int bound;
  private long sinceTick; // when the sample began
  private long taken; // since then
  private boolean sampling;

  /** @param most that may wait however fast they are taken */
  WaitBound(int most) {
    this.most = most;
    this.bound = most;
  }

  /** Whether fewer may wait than at most. */
  boolean isNarrow() {
    return bound < most;
  }

  /** Proposals were taken in a turn that ends now, and so many wait still: how many may wait. */
  int after(int moved, int waiting, long tick) {
    if (waiting < FEW) {
      sampling = false;
      bound = most;
    } else if (!sampling) {
      sampling = true;
      begin(tick);
    } else {
      taken += moved;
      long millis = tick - sinceTick;
      if (millis >= SAMPLE_MILLIS) {
        bound = (int) Math.max(FEW, Math.min(taken * LONGEST_MILLIS / millis, most));
        begin(tick);
      }
    }
    return bound;
  }

  private void begin(long tick) {
    sinceTick = tick;
    taken = 0;
  }
}
