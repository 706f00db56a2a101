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
public record Receipt(long[] ids, int messages, int queueId, long queueOffset, boolean repeated) {

  public static Receipt now(long[] ids, int messages, int queueId, long queueOffset) {
    return new Receipt(ids, messages, queueId, queueOffset, false);
  }

  static Receipt before(RecentSends.EarlierSend found) {
    return new Receipt(
        found.positions(), found.messages(), found.queueId(), found.queueOffset(), true);
  }
}
