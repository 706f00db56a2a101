package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * The database did not say whether it committed, and cannot be asked now. Database and messages will
 * agree: brokers ask until the database can be read. Look for the business data, or for the
 * transaction's id in the outcome table, before doing it again.
 */
public final class OutcomeUnknownException extends EscrowException {

  private final String transactionId;

  public OutcomeUnknownException(String message, String transactionId, @Nullable Throwable cause) {
    super(message, null, true, cause);
    this.transactionId = transactionId;
  }

  /** What brokers and the outcome table call the transaction. */
  public String transactionId() {
    return transactionId;
  }
}
