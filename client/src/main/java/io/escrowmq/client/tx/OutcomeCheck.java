package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how a transaction ended, for brokers that ask and for a transaction that lost its
 * connection while it committed. Any thread; blocks.
 *
 * <p>The row is there: committed. It is missing: a tombstone goes under its key, and only if that
 * wins, it is rolled back, for then no commit can come any more. The insertion waits for a
 * transaction that has inserted the row and not ended, so the answer is never a guess.
 */
final class OutcomeCheck {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeCheck.class);

  private final DataSource dataSource;
  private final OutcomeTable table;

  OutcomeCheck(DataSource dataSource, OutcomeTable table) {
    this.dataSource = dataSource;
    this.table = table;
  }

  /**
   * How it ended; UNKNOWN when the database cannot say now.
   *
   * @param mayRollBack false when a missing row proves nothing, because rows of that age are deleted
   */
  TransactionOutcome find(String id, boolean mayRollBack) {
    try (AutoCommitConnection committed = new AutoCommitConnection(dataSource)) {
      return findCommitted(committed.get(), id, mayRollBack);
    } catch (SQLException e) {
      LOG.debug("the outcome of {} is not known now", id, e);
      return TransactionOutcome.UNKNOWN;
    }
  }

  /**
   * How it ended, found with a connection that is there already, so that its pool needs no second one.
   *
   * @param connection without a transaction, which the caller has ended
   */
  TransactionOutcome find(Connection connection, String id) throws SQLException {
    try (AutoCommitConnection committed = AutoCommitConnection.of(connection)) {
      return findCommitted(committed.get(), id, true);
    }
  }

  private TransactionOutcome findCommitted(Connection connection, String id, boolean mayRollBack)
      throws SQLException {
    int isolation = connection.getTransactionIsolation();
    try {
      // what a transaction that has not ended has written must not count
      connection.setTransactionIsolation(
          Math.max(isolation, Connection.TRANSACTION_READ_COMMITTED));
      return find(connection, id, mayRollBack);
    } finally {
      connection.setTransactionIsolation(isolation);
    }
  }

  private TransactionOutcome find(Connection connection, String id, boolean mayRollBack)
      throws SQLException {
    TransactionOutcome found = table.find(connection, id);
    if (found != null) {
      return found;
    }
    if (!mayRollBack) {
      return TransactionOutcome.UNKNOWN;
    }
    if (table.insert(connection, id, TransactionOutcome.ROLLBACK)) {
      return TransactionOutcome.ROLLBACK;
    }
    @Nullable TransactionOutcome quicker = table.find(connection, id);
    return quicker == null ? TransactionOutcome.UNKNOWN : quicker;
  }
}
