package io.escrowmq.broker.intake;

import io.escrowmq.broker.recent.RecentSends;
import org.jspecify.annotations.Nullable;

/**
 * Where messages were stored.
 *
 * @param ids positions that the sender is told: one a message, in their order; of half-messages
 *     that came together only the first, which speaks for all
 * @param messages how many there were
 * @param queueOffset of the first one; 0 for those that wait until they are due or committed
 * @param uniqueKey of a single message; null of a batch
 * @param repeated whether they were there before, and this send added nothing
 */
public record Receipt(
    long[] ids,
    int messages,
    int queueId,
    long queueOffset,
    @Nullable String uniqueKey,
    boolean repeated) {

  /** These messages were stored now. */
  public static Receipt now(long[] ids, EncodedMessages messages, int queueId, long queueOffset) {
    return new Receipt(ids, messages.count(), queueId, queueOffset, messages.uniqueKey(), false);
  }

  /** They are those that were found. */
  static Receipt before(RecentSends.EarlierSend found, EncodedMessages messages) {
    return new Receipt(
        found.positions(),
        found.messages(),
        found.queueId(),
        found.queueOffset(),
        messages.uniqueKey(),
        true);
  }
}
