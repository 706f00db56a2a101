package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * Something else than the client committed the transaction before its end, and the rest of it is
 * rolled back: SQL in a procedure or through the driver's own connection, or a statement that the
 * database commits by itself. Messages agree with the database: those sent before that commit are
 * visible, the others never will be. Look for the business data before doing it again.
 */
public final class TransactionSplitException extends EscrowException {

  private final String transactionId;

  public TransactionSplitException(String transactionId, @Nullable Throwable cause) {
    super(
        "a part of the transaction " + transactionId
            + " was committed before its end by something else than the client, with the messages"
            + " sent until then; the rest is rolled back",
        null,
        true,
        cause);
    this.transactionId = transactionId;
  }

  /** What brokers and the outcome table call the transaction. */
  public String transactionId() {
    return transactionId;
  }
}
