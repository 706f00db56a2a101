package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;

/**
 * Has the log say of itself what is durable, when no batch follows that would: so that damage in the
 * last messages before a rest is not taken for a torn tail after a crash. One small write when the log
 * comes to rest, and none while it rests. Owner: the log loop.
 */
public final class WitnessDuty implements Duty {

  /** What was synced has a witness so long afterwards at the latest. */
  static final long PAUSE_MILLIS = 500;

  private final CommitLog log;
  private long nextMillis;

  public WitnessDuty(CommitLog log) {
    this.log = log;
  }

  @Override
  public long nextMillis() {
    return log.lacksWitness(log.end()) ? nextMillis : Long.MAX_VALUE;
  }

  @Override
  public void onTick(Recorder recorder) {
    nextMillis = recorder.nowMillis() + PAUSE_MILLIS;
    if (log.lacksWitness(log.durable()) && recorder.hasReserveRoom(CommitLog.MARK_BYTES)) {
      log.mark();
    }
  }
}
