package io.escrowmq.broker.tx;

import io.escrowmq.tx.EscrowFigures;
import org.jspecify.annotations.Nullable;

/**
 * Limits the lines about topics that are deleted while half-messages are in escrow: one in ten seconds at most,
 * however many there are. Owner: the log loop.
 */
final class DeletedTopicLog {

  private static final long PAUSE_MILLIS = 10_000;

  private long untilMillis = Long.MIN_VALUE; // quiet
  private long unsaid;

  /** The line about a topic; null when nothing is in escrow, or when it is too early for another one. */
  @Nullable
  String line(long nowMillis, String topic, EscrowFigures escrowed) {
    if (escrowed.halves() == 0) {
      return null;
    }
    if (nowMillis < untilMillis) {
      unsaid++;
      return null;
    }
    String others = unsaid == 0 ? "" : ", and " + unsaid + " others before it,";
    untilMillis = nowMillis + PAUSE_MILLIS;
    unsaid = 0;
    return "the topic " + topic + others + " was deleted while " + escrowed.halves()
        + " half-messages of " + escrowed.transactions()
        + " transactions are in escrow. Those that were sent to it go with it: producers cannot commit"
        + " their transactions any more; tx commit leaves them out and says how many, tx rollback ends"
        + " all of it. tx list has the transactions, tx show the topics of each";
  }
}
