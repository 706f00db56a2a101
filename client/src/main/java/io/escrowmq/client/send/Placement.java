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
 */
public record Placement(
    String broker, TopicQueue queue, long queueOffset, String locations, Safety safety) {

  /** The receipt of a single message. */
  public SendReceipt receipt(String messageId) {
    return new SendReceipt(messageId, queue, queueOffset, locations, safety);
  }

  /** The receipt of one message of a batch. */
  SendReceipt receipt(String messageId, int index, String location) {
    return new SendReceipt(messageId, queue, queueOffset + index, location, safety);
  }
}
