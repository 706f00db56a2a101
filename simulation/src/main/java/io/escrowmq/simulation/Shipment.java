package io.escrowmq.simulation;

import org.jspecify.annotations.Nullable;

/**
 * What is sent together, and how.
 *
 * @param broker by its number, or any
 * @param deal whose half-messages they are; null: none
 * @param delayLevel as RocketMQ counts them; 0: at once
 * @param messages more than one: a batch
 * @param bodyBytes of each
 * @param isOnce whether it is marked, so that it may be tried again
 */
record Shipment(
    int broker,
    String topic,
    int queueId,
    @Nullable Deal deal,
    int delayLevel,
    int messages,
    int bodyBytes,
    boolean isOnce) {

  Entry.Kind kind() {
    return deal != null ? Entry.Kind.HALF : delayLevel > 0 ? Entry.Kind.DELAYED : Entry.Kind.PLAIN;
  }
}
