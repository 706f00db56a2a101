package io.escrowmq.replication;

/**
 * When a replica is no longer in sync.
 *
 * @param lagMillis it has not been at the leader's end for so long (replication.lag)
 * @param goneMillis it has no connection for so long
 */
public record InSyncTiming(long lagMillis, long goneMillis) {

  public static final InSyncTiming DEFAULT = new InSyncTiming(2_000, 500);
}
