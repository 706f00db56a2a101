package io.escrowmq.store.queue;

/**
 * A chunk of a queue that is not as it was written. Immutable.
 *
 * @param firstOffset the queue offset of its first entry
 * @param count how many entries it has
 */
public record DamagedChunk(String topic, int queueId, long firstOffset, int count, long address) {

  @Override
  public String toString() {
    return "offsets " + firstOffset + " to " + (firstOffset + count - 1) + " of " + topic + "/"
        + queueId;
  }
}
