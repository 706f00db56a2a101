package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A connection of which each statement is a transaction, whatever its pool has set. */
final class AutoCommitConnection implements AutoCloseable {

  private final Connection connection;
  private final boolean autoCommit;
  private final boolean own; // it is closed here

  AutoCommitConnection(DataSource dataSource) throws SQLException {
    this(dataSource.getConnection(), true);
  }

  /** A connection that the caller closes; it must have no transaction. */
  static AutoCommitConnection of(Connection connection) throws SQLException {
    return new AutoCommitConnection(connection, false);
  }

  private AutoCommitConnection(Connection connection, boolean own) throws SQLException {
    this.connection = connection;
    this.own = own;
    try {
      autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      if (own) {
        closeAfter(e);
      }
      throw e;
    }
  }

  private void closeAfter(SQLException failure) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  Connection get() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    try {
      connection.setAutoCommit(autoCommit);
    } finally {
      if (own) {
        connection.close();
      }
    }
  }
}
