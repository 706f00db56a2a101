package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Retention;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import java.util.function.LongSupplier;

/**
 * Lets old segments go, and what the views say of them. Owner: the log loop.
 *
 * <p>Never beyond what a restart needs: the oldest kept state file, and whatever still waits in
 * escrow.
 */
public final class RetentionDuty implements Duty {

  private static final long EVERY_MILLIS = 10_000;

  private final CommitLog log;
  private final ConsumeQueues queues;
  private final KeyIndex keys;
  private final StateKeeper states;
  private final LongSupplier oldestInEscrow;
  private volatile RetentionSettings settings;
  private long nextMillis;

  public RetentionDuty(
      CommitLog log,
      ConsumeQueues queues,
      KeyIndex keys,
      StateKeeper states,
      LongSupplier oldestInEscrow,
      RetentionSettings settings) {
    this.log = log;
    this.queues = queues;
    this.keys = keys;
    this.states = states;
    this.oldestInEscrow = oldestInEscrow;
    this.settings = settings;
  }

  public RetentionSettings settings() {
    return settings;
  }

  /** From the next look on other limits hold. Any thread. */
  public void change(RetentionSettings changed) {
    settings = changed;
  }

  @Override
  public long nextMillis() {
    return nextMillis;
  }

  @Override
  public void onTick(Recorder recorder) {
    nextMillis = recorder.nowMillis() + EVERY_MILLIS;
    long wanted = Retention.deleteBefore(log.segments(), recorder.nowMillis(), settings);
    if (wanted <= log.start()) {
      return;
    }
    if (states.oldestPosition() < wanted) {
      states.ask();
    }
    long allowed = Math.min(states.oldestPosition(), oldestInEscrow.getAsLong());
    long before = log.start();
    log.deleteBefore(Math.min(wanted, allowed));
    if (log.start() > before) {
      queues.forgetBefore(log.start());
      keys.forgetBefore(log.start());
    }
  }
}
