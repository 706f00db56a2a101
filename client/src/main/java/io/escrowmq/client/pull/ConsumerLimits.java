package io.escrowmq.client.pull;

/**
 * What a consumer keeps in memory.
 *
 * @param queueMessages messages of one queue that wait or are being handled
 * @param queueBytes the same in bytes
 * @param allBytes the same of all queues together
 */
public record ConsumerLimits(int queueMessages, long queueBytes, long allBytes) {

  public static final ConsumerLimits DEFAULT = new ConsumerLimits(2_000, 32L << 20, 128L << 20);

  public ConsumerLimits {
    if (queueMessages < 1 || queueBytes < 1 || allBytes < queueBytes) {
      throw new IllegalArgumentException(
          "limits of " + queueMessages + " messages and " + queueBytes
              + " bytes a queue and " + allBytes + " bytes in all: each must be at least 1, and all"
              + " queues together must have as much as one");
    }
  }
}
