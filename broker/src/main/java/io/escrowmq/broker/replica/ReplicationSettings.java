package io.escrowmq.broker.replica;

import io.escrowmq.remoting.secret.ReplicaSecret;
import java.net.InetSocketAddress;

/**
 * How a broker takes part in copying a log.
 *
 * @param listen where its log is served to followers
 * @param secret what they have to know
 * @param leastReplicas how many replicas must have something before it is acknowledged and visible, the broker one of
 *     them; 1: no follower is waited for
 */
public record ReplicationSettings(
    InetSocketAddress listen, ReplicaSecret secret, int leastReplicas) {

  /** More followers than that are refused by nobody, but waited for by nobody either. */
  public static final int MOST_REPLICAS = 7;

  public ReplicationSettings {
    if (leastReplicas < 1 || leastReplicas > MOST_REPLICAS) {
      throw new IllegalArgumentException(
          "replication.min-in-sync " + leastReplicas + " must be 1 to " + MOST_REPLICAS);
    }
  }

  /** Whether answers wait for followers. */
  public boolean isSynchronous() {
    return leastReplicas > 1;
  }
}
