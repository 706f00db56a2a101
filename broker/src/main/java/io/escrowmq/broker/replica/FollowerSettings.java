package io.escrowmq.broker.replica;

import io.escrowmq.remoting.secret.ReplicaSecret;

/**
 * Whom a follower follows.
 *
 * @param leader "host:port" at which the leader serves its log
 * @param group the broker's name
 * @param replica the follower's number
 * @param secret what both have to know
 */
public record FollowerSettings(String leader, String group, int replica, ReplicaSecret secret) {

  public static final int MOST_REPLICA = 100;

  public FollowerSettings {
    if (replica < 1 || replica > MOST_REPLICA) {
      throw new IllegalArgumentException(
          "a follower's number is " + replica + ", it must be 1 to " + MOST_REPLICA);
    }
  }
}
