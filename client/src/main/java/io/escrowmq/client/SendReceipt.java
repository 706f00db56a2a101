package io.escrowmq.client;

/**
 * A broker has the message.
 *
 * @param messageId the message's own id, made by this client; the same on every delivery
 * @param queue where it went
 * @param queueOffset its number in that queue; of a message that is delivered later, a number that
 *     means nothing to consumers
 * @param location the id that says where it lies, for look-ups at the broker
 * @param safety what the broker could promise when it answered
 */
public record SendReceipt(
    String messageId, TopicQueue queue, long queueOffset, String location, Safety safety) {

  /** How safe the message is. */
  public enum Safety {
    /** As safe as the broker's settings want messages to be. */
    AS_CONFIGURED,
    /** Stored, but the broker's disk did not confirm it in time. */
    NOT_FLUSHED,
    /** Stored, but replicas did not confirm it in time, or are missing. */
    NOT_REPLICATED
  }
}
