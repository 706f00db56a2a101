package io.escrowmq.store.queue;

/**
 * A queue that grew, and how far. Made by {@link ConsumeQueues#drainTouched} on the log loop,
 * published when its records are as safe as the settings promise.
 */
public record Publication(ConsumeQueue queue, long tail) {

  /**
   * Makes all offsets below the tail visible. One thread at a time, in the order of the drains; what
   * hands the publication from the log loop to that thread must be a happens-before edge.
   */
  public void publish() {
    queue.publish(tail);
  }
}
