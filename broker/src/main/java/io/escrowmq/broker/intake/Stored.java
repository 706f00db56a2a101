package io.escrowmq.broker.intake;

import io.escrowmq.broker.recent.RecentSends;

/**
 * Where messages were stored.
 *
 * @param ids positions that the sender is told: one a message, in their order; of half-messages
 *     that came together only the first, which speaks for all
 * @param messages how many there were
 * @param queueOffset of the first one; 0 for those that wait until they are due or committed
 * @param repeated whether they were there before, and this send added nothing
 */
public record Stored(long[] ids, int messages, int queueId, long queueOffset, boolean repeated) {

  public static Stored now(long[] ids, int messages, int queueId, long queueOffset) {
    return new Stored(ids, messages, queueId, queueOffset, false);
  }

  static Stored before(RecentSends.Found found) {
    return new Stored(
        found.positions(), found.messages(), found.queueId(), found.queueOffset(), true);
  }
}
