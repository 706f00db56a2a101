package io.escrowmq.client;

import java.sql.Connection;

/**
 * A database without XA, and messages that agree with it, in a transaction of a transaction manager. See
 * {@link EscrowJta#join}. Owner: the thread that runs the transaction, until it ends.
 */
public interface JtaMessages extends TransactionMessages {

  /** The connection; the manager commits it, and gives it back. To close it does nothing. */
  Connection connection();
}
