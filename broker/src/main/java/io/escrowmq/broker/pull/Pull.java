package io.escrowmq.broker.pull;

import io.escrowmq.broker.connected.Subscription;

/**
 * One pull, from its request to its answer. Owner: the event loop of its connection.
 *
 * @param followsGroup whether it wants what its group does, also when that changes while it waits
 * @param deadlineTick until when it may wait, by the ticker, for messages; {@code
 *     Long.MIN_VALUE} when it may not
 * @param deletions how many topics had been deleted when it was judged
 */
record Pull(
    Pulls.Outcome outcome,
    QueueReader reader,
    long offset,
    PullLimits limits,
    Subscription subscription,
    boolean followsGroup,
    long deadlineTick,
    long deletions) {

  String group() {
    return reader.group();
  }

  String topic() {
    return reader.topic();
  }

  int queueId() {
    return reader.queueId();
  }

  boolean mayWait(long tick) {
    return tick < deadlineTick;
  }

  /** The same pull, further on: what came in between did not match. */
  Pull from(long laterOffset) {
    return with(laterOffset, subscription, deletions);
  }

  /** The same pull for something else. */
  Pull wanting(Subscription other) {
    return with(offset, other, deletions);
  }

  /** The same pull, judged again. */
  Pull judgedAfter(long laterDeletions) {
    return with(offset, subscription, laterDeletions);
  }

  private Pull with(long newOffset, Subscription newSubscription, long newDeletions) {
    return new Pull(
        outcome,
        reader,
        newOffset,
        limits,
        newSubscription,
        followsGroup,
        deadlineTick,
        newDeletions);
  }
}
