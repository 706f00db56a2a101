package io.escrowmq.broker.core;

import io.escrowmq.store.queue.ConsumeQueues;

/**
 * Has entries of queues written that a full or failing disk has kept in memory: sends may be refused because of them, and
 * then nothing else would try the disk again. Owner: the log loop.
 */
public final class SealingDuty implements Duty {

  /** Until the disk is tried again. */
  static final long PAUSE_MILLIS = 5_000;

  private final ConsumeQueues queues;
  private long nextMillis;

  public SealingDuty(ConsumeQueues queues) {
    this.queues = queues;
  }

  @Override
  public long nextMillis() {
    return queues.hasUnsealed() ? nextMillis : Long.MAX_VALUE;
  }

  @Override
  public void onTick(Recorder recorder) {
    boolean goesOn = queues.sealAgain();
    nextMillis = goesOn ? recorder.nowMillis() : recorder.nowMillis() + PAUSE_MILLIS;
  }
}
