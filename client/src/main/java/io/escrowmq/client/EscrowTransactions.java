package io.escrowmq.client;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Database transactions with messages in them: the messages become visible if and only if the database
 * commits, whatever crashes when. For any JDBC database, without XA; needs EscrowMQ brokers.
 *
 * <pre>{@code
 * try (EscrowTransactions transactions =
 *     client.transactions(dataSource).group("order-service").createTable().build()) {
 *   transactions.inTransaction((connection, messages) -> {
 *     insertOrder(connection, order);
 *     messages.send(Message.to("orders").tag("placed").key("order-17").body(order.toBytes()));
 *     messages.send(Message.to("invoices").key("order-17").body(order.toBytes()));
 *   });
 * }
 * }</pre>
 *
 * <p>Before the first message leaves, a row that names the transaction goes into a table of the same
 * database, in the same transaction. Whether that row is there is the outcome, for the broker too
 * when it asks; a check that finds it missing puts a tombstone under its key first, so that a commit which
 * comes too late fails. See {@link EscrowTransactionsBuilder} for the table.
 *
 * <p>Any thread; each transaction stays on its caller's thread.
 */
public interface EscrowTransactions extends AutoCloseable {

  /**
   * Runs the work in a transaction on a connection of its own, and commits both, database and
   * messages.
   *
   * <p>Returns when the database has committed: the messages follow within moments, or as soon as
   * their brokers can be reached.
   *
   * @throws E the work's own exception; database and messages are rolled back
   * @throws TransactionRolledBackException nothing happened: a message was not taken, the database
   *     refused, a failure that the work ignored aborted the transaction, or a check was quicker
   * @throws TransactionSplitException something else than the client committed a part of it
   * @throws OutcomeUnknownException the connection broke in commit, and the database cannot be asked
   */
  <E extends Exception> void inTransaction(Work<E> work) throws E;

  /** As {@link #inTransaction}, for work that has a result. */
  <T extends @Nullable Object, E extends Exception> T callInTransaction(Call<T, E> work) throws E;

  /** Answers no more checks; waits a moment for brokers to hear of what was committed. */
  @Override
  void close();

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Work<E extends Exception> {

    /**
     * Does it.
     *
     * @param connection without auto-commit; not to be committed, rolled back or closed here. Going
     *     back to a savepoint undoes the messages sent since, too.
     */
    void run(Connection connection, TransactionMessages messages) throws E;
  }

  /** What is done in one transaction, with a result. */
  @FunctionalInterface
  interface Call<T extends @Nullable Object, E extends Exception> {

    /** As {@link Work#run}. */
    T run(Connection connection, TransactionMessages messages) throws E;
  }
}
