package io.escrowmq.broker.send;

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

  static Stored halvesBefore(long first, int messages, int queueId) {
    return new Stored(new long[] {first}, messages, queueId, 0, true);
  }

  static Stored before(long[] ids, int queueId, long queueOffset) {
    return new Stored(ids, ids.length, queueId, queueOffset, true);
  }
}
