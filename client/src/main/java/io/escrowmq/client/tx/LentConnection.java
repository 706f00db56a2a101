package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that was lent for one transaction. It is given back once, as it came, and never so that
 * this commits what is still open. Owner: whoever has the turn.
 */
final class LentConnection {

  private static final Logger LOG = LoggerFactory.getLogger(LentConnection.class);

  private final Connection connection;
  private final boolean autoCommit;
  private boolean rollbackFailed; // to switch auto-commit on might commit
  private boolean givenBack;

  /** Begins the transaction. */
  LentConnection(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
  }

  void rollBack() throws SQLException {
    if (connection.getAutoCommit()) { // it was switched on, which committed
      return;
    }
    rollbackFailed = true; // unless the next line returns
    connection.rollback();
    rollbackFailed = false;
  }

  /**
   * Gives it back, if it is not.
   *
   * @param inOtherHands another thread may use it at this moment, unseen: no pool may lend it again
   */
  void giveBack(boolean inOtherHands) {
    if (givenBack) {
      return;
    }
    givenBack = true;
    try (Connection closing = connection) {
      if (inOtherHands) {
        closing.abort(Runnable::run);
      } else if (!rollbackFailed) {
        closing.setAutoCommit(autoCommit);
      }
    } catch (SQLException e) {
      LOG.debug("a connection did not end well; it is given up", e);
    }
  }
}
