package io.escrowmq.client;

/** The messages of one transaction. Owner: the thread that runs it, until it ends. */
public interface TransactionMessages {

  /**
   * Adds a message, which no consumer sees before the commit. Goes on while it is stored: whether that
   * succeeded is known before the database commits. Waits only when too much is under way.
   *
   * @return the message's id, the same on every delivery
   * @throws TransactionRolledBackException the transaction cannot commit any more
   */
  String send(Message message);

  /**
   * What brokers and the outcome table call the transaction; for logs and operators. Messages behind a
   * savepoint have this name with a number at its end.
   */
  String transactionId();
}
