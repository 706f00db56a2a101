package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.send.ResendRule;
import io.escrowmq.runtime.Ticker;

/**
 * Whether a message that a consumer itself sends again goes to the retry topic or is given up.
 * A group that holds queue locks consumes in order: it tries again by itself, and what it sends
 * here is what it has given up.
 */
public final class RetryLimits implements ResendRule {

  private final GroupCreation groups;
  private final QueueLocks locks;
  private final Ticker ticker;

  public RetryLimits(GroupCreation groups, QueueLocks locks, Ticker ticker) {
    this.groups = groups;
    this.locks = locks;
    this.ticker = ticker;
  }

  @Override
  public Way judge(String group, int reconsumeTimes, int most) {
    Group known = groups.find(group);
    if (known == null) {
      return Way.UNKNOWN_GROUP;
    }
    int limit = most >= 0 ? most : known.mostRetries();
    boolean givenUp = reconsumeTimes > limit || locks.isAnyHeld(group, ticker.millis());
    return givenUp ? Way.DEAD_LETTER : Way.RETRY;
  }
}
