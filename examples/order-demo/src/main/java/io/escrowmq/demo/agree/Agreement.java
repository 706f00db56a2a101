package io.escrowmq.demo.agree;

import io.escrowmq.client.Message;
import java.sql.Connection;
import java.sql.SQLException;

/** Database transactions with messages in them: all that the services need of EscrowMQ's ways. Any thread. */
public interface Agreement extends AutoCloseable {

  /**
   * Runs the step in a transaction, on this thread, and commits.
   *
   * @throws io.escrowmq.client.OutcomeUnknownException it may have been committed
   * @throws AmbiguousException as well
   * @throws Exception any other: it was rolled back
   */
  void inTransaction(Step step) throws Exception;

  @Override
  void close();

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Step {

    /** Does it, without committing or rolling back itself. */
    void run(Connection connection, TransactionMessages messages) throws SQLException;
  }

  /** The messages of one transaction. */
  @FunctionalInterface
  interface TransactionMessages {

    /** Adds one, which is not to be seen before the commit. */
    void send(Message message);
  }
}
