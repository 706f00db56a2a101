package io.escrowmq.replication;

import org.jspecify.annotations.Nullable;

/**
 * Who leads. Immutable.
 *
 * @param epoch the last one that was given out; each is written by one incarnation
 * @param leader null when nobody leads
 * @param acceptedLoss the last election that an operator ordered at the price of committed records; null if none was
 */
public record Leadership(
    int epoch, @Nullable Incarnation leader, @Nullable AcceptedLoss acceptedLoss) {

  public Leadership {
    Limits.range("an epoch", epoch, 0, Integer.MAX_VALUE);
  }

  /**
   * An unclean election.
   *
   * @param epoch that it began
   * @param order who ordered it, and what was accepted as lost
   */
  public record AcceptedLoss(int epoch, int replica, String order) {

    public AcceptedLoss {
      Limits.text("the order", order, Limits.MOST_ORDER);
    }
  }

  Leadership vacant() {
    return new Leadership(epoch, null, acceptedLoss);
  }

  Leadership begin(int newEpoch, Incarnation newLeader) {
    return new Leadership(newEpoch, newLeader, acceptedLoss);
  }
}
