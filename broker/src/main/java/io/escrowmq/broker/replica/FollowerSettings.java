package io.escrowmq.broker.replica;

import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.replication.Incarnation;

/**
 * Whom a follower follows.
 *
 * @param leader "host:port" at which the leader serves its log
 * @param group the broker's name
 * @param self which replica the follower is, and which opening of it
 * @param leastEpoch whoever leads in an earlier one has been deposed; 0 when nobody knows
 * @param secret what both have to know
 */
public record FollowerSettings(
    String leader, String group, Incarnation self, int leastEpoch, ReplicaSecret secret) {

  public static final int MOST_REPLICA = 100;

  public FollowerSettings {
    if (self.replica() > MOST_REPLICA) {
      throw new IllegalArgumentException(
          "a follower's number is " + self.replica() + ", it must be 1 to " + MOST_REPLICA);
    }
  }

  /** Of a follower whose number an operator has chosen. */
  public FollowerSettings(String leader, String group, int replica, ReplicaSecret secret) {
    this(leader, group, new Incarnation(replica, 1), 0, secret);
  }
}
