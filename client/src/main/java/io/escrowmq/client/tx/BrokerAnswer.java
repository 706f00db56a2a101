package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import java.time.Instant;

/** What a broker says to a report of how a transaction ended. */
public sealed interface BrokerAnswer {

  /** It is recorded so, now or before. */
  record Agreement() implements BrokerAnswer {}

  /**
   * The contrary was recorded before.
   *
   * @param decision what stands
   * @param remark the broker's own words
   */
  record Contradiction(
      String broker, TransactionOutcome decision, String by, Instant at, String remark)
      implements BrokerAnswer {}

  /** The broker has no such transaction in escrow, and remembers none. */
  record NoSuchTransaction(String remark) implements BrokerAnswer {}

  /** The broker has fewer half-messages of it than were confirmed. */
  record Incomplete(String remark) implements BrokerAnswer {}
}
