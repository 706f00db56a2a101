package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;

/**
 * Lets old segments go, and what the views say of them. Owner: the log loop.
 *
 * <p>Never beyond what a restart needs: the oldest kept state file, and whatever still waits in
 * escrow. Messages in escrow in old segments are recorded again, so that they hold up nothing.
 */
public final class RetentionDuty implements Duty {

  private static final long EVERY_MILLIS = 10_000;
  private static final long SOON_MILLIS = 25; // while there is more to renew
  private static final long SYNCED_MILLIS = 1_000; // until what must be durable mostly is

  private final CommitLog log;
  private final ConsumeQueues queues;
  private final KeyIndex keys;
  private final StateKeeper states;
  private final SegmentAges ages;
  private final OldSegments escrow;
  private long nextMillis;
  private long plannedBefore; // segments before it go; 0: none
  private long plannedEnd; // once the log is durable up to here

  public RetentionDuty(
      CommitLog log,
      ConsumeQueues queues,
      KeyIndex keys,
      StateKeeper states,
      SegmentAges ages,
      OldSegments escrow) {
    this.log = log;
    this.queues = queues;
    this.keys = keys;
    this.states = states;
    this.ages = ages;
    this.escrow = escrow;
  }

  /** Has what is due done in this turn of the log loop, as a duty: what fails in it is its own. */
  public void hurry() {
    nextMillis = 0;
  }

  /**
   * The same on a copy: its leader decides what goes, and records again what is in escrow there. Where it has done
   * so may not be copied yet.
   */
  public void leaderBeginsAt(long start) {
    if (start <= log.start()) {
      return;
    }
    if (states.oldestPosition() < start) {
      states.ask();
    }
    long needed = Math.min(states.oldestPosition(), escrow.oldestPosition());
    delete(Math.min(start, needed));
  }

  @Override
  public long nextMillis() {
    return nextMillis;
  }

  @Override
  public void onTick(Recorder recorder) {
    nextMillis = recorder.nowMillis() + EVERY_MILLIS;
    states.askIfOld();
    renew(recorder);
    plan(recorder);
    if (plannedBefore > log.start()) {
      if (log.durable() < plannedEnd) {
        nextMillis = Math.min(nextMillis, recorder.nowMillis() + SYNCED_MILLIS);
        return;
      }
      delete(plannedBefore);
    }
    plannedBefore = 0;
  }

  // At half its time: a message that becomes visible later is kept for the other half at least.
  private void renew(Recorder recorder) {
    long ageing = ages.halfExpiredBefore(recorder.nowMillis());
    if (ageing > log.start() && !escrow.renewBefore(ageing, recorder)) {
      nextMillis = recorder.nowMillis() + SOON_MILLIS;
    }
  }

  // Messages that were recorded again out of these segments, here or at their release, lie before
  // the present end of the log. When that is durable, the segments may go.
  private void plan(Recorder recorder) {
    if (plannedBefore > log.start()) {
      return;
    }
    long wanted = ages.expiredBefore(recorder.nowMillis());
    if (wanted <= log.start()) {
      return;
    }
    if (states.oldestPosition() < wanted) {
      states.ask();
    }
    long free = Math.min(wanted, states.oldestPosition());
    makeWay(free, recorder);
    plannedBefore = Math.min(free, escrow.oldestPosition());
    plannedEnd = log.end();
  }

  // When half of its time was spent on a full disk, and only escrow keeps the oldest segment: with
  // it all others would stay, and the disk full.
  private void makeWay(long free, Recorder recorder) {
    long secondStart = log.segments().get(1).start();
    if (secondStart <= free && escrow.oldestPosition() < secondStart) {
      escrow.makeWay(secondStart, recorder);
    }
  }

  private void delete(long position) {
    long before = log.start();
    log.deleteBefore(position);
    if (log.start() > before) {
      queues.forgetBefore(log.start());
      keys.forgetBefore(log.start());
    }
  }
}
