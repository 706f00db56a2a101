package io.escrowmq.store.queue;

/**
 * A chunk of a queue that is not as it was written. Immutable.
 *
 * @param firstOffset the queue offset of its first entry
 * @param count how many entries it has
 * @param after its messages became visible by records behind this position of the log
 * @param highestPosition the highest position in the log that one of its entries points at
 */
public record DamagedChunk(
    String topic,
    int queueId,
    long firstOffset,
    int count,
    long address,
    long after,
    long highestPosition) {

  @Override
  public String toString() {
    return "offsets " + firstOffset + " to " + (firstOffset + count - 1) + " of " + topic + "/"
        + queueId;
  }
}
