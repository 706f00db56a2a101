package io.escrowmq.broker.connected;

/**
 * How a group's members consume, in the words of the wire; that of the latest heartbeat counts.
 * Immutable.
 *
 * @param consumeType CONSUME_ACTIVELY, CONSUME_PASSIVELY or CONSUME_POP
 * @param messageModel CLUSTERING or BROADCASTING
 * @param consumeFrom where a member without a known offset begins, CONSUME_FROM_LAST_OFFSET ...
 */
public record ConsumerProfile(String consumeType, String messageModel, String consumeFrom) {

  private static final String BROADCASTING = "BROADCASTING";
  private static final String PASSIVELY = "CONSUME_PASSIVELY";

  /** Every member gets every message, and keeps its own offsets. */
  public boolean isBroadcasting() {
    return messageModel.equals(BROADCASTING);
  }

  /** The members are push consumers. */
  public boolean isPush() {
    return consumeType.equals(PASSIVELY);
  }
}
