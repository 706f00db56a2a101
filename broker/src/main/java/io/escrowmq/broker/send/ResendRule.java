package io.escrowmq.broker.send;

/** Where a message goes that a consumer sends again to its group's retry topic. */
@FunctionalInterface
public interface ResendRule {

  /** The three ways. */
  enum Way {
    RETRY,
    DEAD_LETTER,
    UNKNOWN_GROUP
  }

  /**
   * Judges one message.
   *
   * @param reconsumeTimes how often it was consumed, as the sender counts
   * @param most the sender's limit; negative when it names none
   */
  Way judge(String group, int reconsumeTimes, int most);
}
