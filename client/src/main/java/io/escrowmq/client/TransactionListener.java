package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * Runs local transactions, and knows later how they ended: the application's half of {@link
 * TransactionalProducer}.
 *
 * <p>The caller runs {@link #execute} on the thread that sends, and {@link #check} on threads of its
 * own, at any time, in any process of the producer group, also while {@code execute} still runs.
 *
 * <p>The implementation must answer from what is durable. A check that finds no trace of the
 * transaction must not answer ROLLBACK unless the transaction can no longer commit; to answer
 * UNKNOWN is always right. {@link EscrowTransactions} does all of this for JDBC databases.
 */
public interface TransactionListener {

  /**
   * The half-message is stored: now do the local transaction.
   *
   * @param messageId by which {@link #check} will ask; to be stored with the transaction
   * @param argument what the sender handed over with the message
   * @return what is reported; an exception reports nothing and reaches the sender
   */
  TransactionOutcome execute(Message message, String messageId, @Nullable Object argument);

  /** The broker asks how it ended; an exception counts as UNKNOWN. */
  TransactionOutcome check(HalfMessage message);
}
