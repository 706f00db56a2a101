package io.escrowmq.broker.replica;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.InSync;
import io.escrowmq.replication.InSyncTiming;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import org.jspecify.annotations.Nullable;

/**
 * One epoch that this replica leads: what is committed follows from what the in-sync replicas have. Once the controller
 * was heard to have given the group another epoch, nothing is committed here any more. Any thread.
 */
public final class LedEpoch implements ReplicaCount {

  private final CommitLog log;
  private final Ticker ticker;
  private final Runnable whenCommitted;
  private final int epoch;
  private final InSync inSync; // guarded by this

  /**
   * @param state by which this replica leads
   * @param log which ends with what has to be committed before clients are served
   * @param whenCommitted is told each time that more is, on any thread
   */
  public LedEpoch(
      GroupState state, Incarnation self, CommitLog log, Ticker ticker, Runnable whenCommitted) {
    this.log = log;
    this.ticker = ticker;
    this.whenCommitted = whenCommitted;
    this.epoch = state.epoch();
    this.inSync = new InSync(
        state, self, log.written(), log.visible(), InSyncTiming.DEFAULT, ticker.millis());
  }

  /** The log here has grown, or is safe further than before. */
  public void wrote() {
    tell(counted(() -> {}));
  }

  @Override
  public void asks(Incarnation follower, long from, long safe) {
    tell(counted(() -> inSync.acknowledged(follower, epoch, safe, ticker.millis())));
  }

  @Override
  public synchronized void isGone(Incarnation follower) {
    inSync.disconnected(follower, ticker.millis());
  }

  /**
   * What the controller says.
   *
   * @return whether this replica leads still
   */
  public boolean heard(GroupState state) {
    boolean[] leads = {false};
    tell(counted(() -> leads[0] = inSync.heard(state, ticker.millis())));
    return leads[0];
  }

  /** The in-sync set to ask the controller for; null when it is as it should be. */
  public synchronized @Nullable AlterInSync proposal() {
    inSync.wrote(log.written(), log.safe());
    return inSync.propose(ticker.millis());
  }

  // What is committed is told to the log under the lock: it never falls.
  private synchronized boolean counted(Runnable fact) {
    long before = inSync.committed();
    inSync.wrote(log.written(), log.safe());
    fact.run();
    long now = inSync.committed();
    log.commit(now);
    return now > before;
  }

  private void tell(boolean isMore) {
    if (isMore) {
      whenCommitted.run();
    }
  }

  @Override
  public synchronized @Nullable Refusal shortage() {
    return inSync.isThin()
        ? new Refusal.UnderReplicated(
            inSync.state().inSync().least(), InSyncTiming.DEFAULT.lagMillis())
        : null;
  }
}
