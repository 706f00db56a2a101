package io.escrowmq.client.send;

import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.SendReceipt.Safety;
import io.escrowmq.client.TopicQueue;

/**
 * Where a broker has put what was sent.
 *
 * @param broker its address
 * @param locations of a batch all of them, separated by commas
 * @param queueOffset of a batch, the first one's
 * @param atOnce whether the first try was the only one: what was sent is not read any more, while of
 *     several tries one may still wait to be written
 */
public record Placement(
    String broker,
    TopicQueue queue,
    long queueOffset,
    String locations,
    Safety safety,
    boolean atOnce) {

  /** The receipt of a single message. */
  public SendReceipt receipt(String messageId) {
    return new SendReceipt(messageId, queue, queueOffset, locations, safety);
  }

  /** The receipt of one message of a batch. */
  SendReceipt receipt(String messageId, int index, String location) {
    return new SendReceipt(messageId, queue, queueOffset + index, location, safety);
  }
}
