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
 * escrow. Half-messages in old segments are recorded again, so that they hold up nothing.
 */
public final class RetentionDuty implements Duty {

  private static final long EVERY_MILLIS = 10_000;
  private static final long SOON_MILLIS = 100; // while there is more to renew

  private final CommitLog log;
  private final ConsumeQueues queues;
  private final KeyIndex keys;
  private final StateKeeper states;
  private final LongSupplier oldestDelayed;
  private final OldSegments escrow;
  private volatile RetentionSettings settings;
  private long nextMillis;
  private long renewedUpTo; // segments go only when what replaces them is durable

  public RetentionDuty(
      CommitLog log,
      ConsumeQueues queues,
      KeyIndex keys,
      StateKeeper states,
      LongSupplier oldestDelayed,
      OldSegments escrow,
      RetentionSettings settings) {
    this.log = log;
    this.queues = queues;
    this.keys = keys;
    this.states = states;
    this.oldestDelayed = oldestDelayed;
    this.escrow = escrow;
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
    renew(recorder);
    long wanted = Retention.deleteBefore(log.segments(), recorder.nowMillis(), settings);
    if (wanted <= log.start()) {
      return;
    }
    if (states.oldestPosition() < wanted) {
      states.ask();
    }
    long free = Math.min(wanted, Math.min(states.oldestPosition(), oldestDelayed.getAsLong()));
    makeWay(free, recorder);
    if (log.durable() < renewedUpTo) {
      return;
    }
    long before = log.start();
    log.deleteBefore(Math.min(free, escrow.oldestPosition()));
    if (log.start() > before) {
      queues.forgetBefore(log.start());
      keys.forgetBefore(log.start());
    }
  }

  // At half its time: a half-message that is committed later is kept for the other half at least.
  private void renew(Recorder recorder) {
    long aging = Retention.deleteBefore(log.segments(), recorder.nowMillis(), settings.halved());
    if (aging <= log.start()) {
      return;
    }
    long before = log.end();
    if (!escrow.renewBefore(aging, recorder)) {
      nextMillis = recorder.nowMillis() + SOON_MILLIS;
    }
    noteRenewed(before);
  }

  // When half of its time was spent on a full disk, and only escrow keeps the oldest segment: with
  // it all others would stay, and the disk full.
  private void makeWay(long free, Recorder recorder) {
    long secondStart = log.segments().get(1).start();
    if (secondStart <= free && escrow.oldestPosition() < secondStart) {
      long before = log.end();
      escrow.makeWay(secondStart, recorder);
      noteRenewed(before);
    }
  }

  private void noteRenewed(long before) {
    if (log.end() > before) {
      renewedUpTo = log.end();
    }
  }
}
