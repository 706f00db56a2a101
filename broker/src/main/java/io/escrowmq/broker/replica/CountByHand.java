package io.escrowmq.broker.replica;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import org.jspecify.annotations.Nullable;

/**
 * Counts followers that nobody has agreed on: whoever knows the secret is one. Asks come from one event loop, the rest
 * from any thread.
 */
public final class CountByHand implements ReplicaCount {

  private final CommitLog log;
  private final Followers followers;
  private final Ticker ticker;
  private final Runnable whenCommitted;

  /**
   * @param leastReplicas that must have something before it is committed, the leader one of them
   * @param whenCommitted is told that more may be
   */
  public CountByHand(CommitLog log, int leastReplicas, Ticker ticker, Runnable whenCommitted) {
    this.log = log;
    this.followers = new Followers(leastReplicas);
    this.ticker = ticker;
    this.whenCommitted = whenCommitted;
  }

  @Override
  public void asks(Incarnation follower, long from, long safe) {
    followers.asks(follower.replica(), from, safe, log.written(), ticker.millis());
    log.commit(followers.committed());
    whenCommitted.run();
  }

  @Override
  public void isGone(Incarnation follower) {
    // it is counted on until it has not asked for some time
  }

  @Override
  public @Nullable Refusal shortage() {
    return followers.isThin(ticker.millis())
        ? new Refusal.UnderReplicated(followers.needed(), Followers.LAG_MILLIS)
        : null;
  }
}
