package io.escrowmq.broker.core;

/**
 * How many proposals may wait, so that none waits long: clients give up after three seconds, what is
 * done for them later is lost, and what waits is garbage that has grown old. As many as are taken in a
 * fifth of a second, which is what RocketMQ's brokers allow a send ({@code
 * waitTimeMillsInSendQueue}); on a slow disk a few thousand, if they are taken in a second. With few
 * the broker keeps up, and a burst may fill the inbox. Owner: whoever has the turn.
 */
final class WaitBound {

  /** So few may always wait: they are taken at once, or the disk hangs. */
  static final int FEW = 1 << 10;

  /** So many may wait for a second. */
  static final int SOME = 1 << 13;

  private static final long SOME_MILLIS = 1_000;
  private static final long MANY_MILLIS = 200;
  private static final long SAMPLE_MILLIS = 100;
  private static final long SAMPLES_AT_MOST = 32; // after these nothing is left of a pace

  private final int most;
  private int bound;
  private long sinceTick; // when the sample began
  private long taken; // since then
  private long perSecond; // a slow sample takes a quarter off: one slow sync is not the pace
  private boolean sampling;
  private boolean crowded; // since the end of the first sample

  /** @param most that may wait however fast they are taken */
  WaitBound(int most) {
    this.most = most;
    this.bound = most;
  }

  /** Whether more than a few have waited for some time. */
  boolean isCrowded() {
    return crowded;
  }

  /** Proposals were taken in a turn that ends now, and so many wait still: how many may wait. */
  int after(int moved, int waiting, long tick) {
    if (waiting < FEW) {
      fewWait();
    } else if (!sampling) {
      sampling = true;
      perSecond = 0;
      begin(tick);
    } else {
      taken += moved;
      long millis = tick - sinceTick;
      if (millis >= SAMPLE_MILLIS) {
        crowded = true;
        perSecond = Math.max(taken * 1_000 / millis, slowedDown(millis));
        bound = (int) Math.max(FEW, Math.min(inTime(), most));
        begin(tick);
      }
    }
    return bound;
  }

  /** Only few wait, or waited since the last turn: what was seen before is of another time. */
  void fewWait() {
    sampling = false;
    crowded = false;
    bound = most;
  }

  private long slowedDown(long millis) {
    long pace = perSecond;
    for (long i = Math.min(millis / SAMPLE_MILLIS, SAMPLES_AT_MOST); i > 0; i--) {
      pace -= pace / 4;
    }
    return pace;
  }

  private long inTime() {
    return Math.max(
        perSecond * MANY_MILLIS / 1_000, Math.min(perSecond * SOME_MILLIS / 1_000, SOME));
  }

  private void begin(long tick) {
    sinceTick = tick;
    taken = 0;
  }
}
