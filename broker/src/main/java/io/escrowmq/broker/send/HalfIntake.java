package io.escrowmq.broker.send;

import io.escrowmq.remoting.Connection;

/** Takes half-messages into escrow: durable, and visible only when their transaction commits. */
@FunctionalInterface
public interface HalfIntake {

  /**
   * Hands encoded half-messages of one transaction to the log loop; the outcome is told once, there
   * or here. Any thread.
   *
   * @param sender the connection they came by
   * @param control the properties that say what to do with each of them: group, transaction, time of
   *     the first check, delay
   * @param messages encoded as they will be seen
   */
  void offer(
      Connection sender,
      String control,
      Destination destination,
      int queueId,
      EncodedMessages messages,
      Once once,
      MessageAppend.Outcome outcome);
}
