package io.escrowmq.broker.replica;

import io.escrowmq.store.LogSettings;
import java.nio.file.Path;

/**
 * Whom a follower follows, and where to.
 *
 * @param leader "host:port" at which the leader serves its log
 * @param group the broker's name
 * @param replica the follower's number
 * @param secret what both have to know
 * @param directory of the store; the log lies below it
 * @param log how the copy is written
 */
public record FollowerSettings(
    String leader,
    String group,
    int replica,
    ReplicaSecret secret,
    Path directory,
    LogSettings log) {

  public FollowerSettings {
    if (replica < 1) {
      throw new IllegalArgumentException(
          "a follower's number is " + replica + ", it must be at least 1");
    }
  }
}
