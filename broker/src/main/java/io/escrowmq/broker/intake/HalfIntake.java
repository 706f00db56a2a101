package io.escrowmq.broker.intake;

import io.escrowmq.broker.recent.Once;
import io.escrowmq.remoting.Connection;

/** Takes half-messages into escrow: durable, and visible only when their transaction commits. */
@FunctionalInterface
public interface HalfIntake {

  /**
   * Hands encoded half-messages of one transaction to the log loop; the outcome is told once, there
   * or here. Any thread.
   *
   * @param sender the connection they came by
   * @param terms what to do with each of them
   * @param messages encoded as they will be seen
   */
  void offer(
      Connection sender,
      HalfTerms terms,
      Destination destination,
      int queueId,
      EncodedMessages messages,
      Once once,
      MessageAppend.Outcome outcome);
}
