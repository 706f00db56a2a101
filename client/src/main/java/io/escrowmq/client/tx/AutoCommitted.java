package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A connection of which each statement is a transaction, whatever its pool has set. */
final class AutoCommitted implements AutoCloseable {

  private final Connection connection;
  private final boolean autoCommit;

  AutoCommitted(DataSource dataSource) throws SQLException {
    connection = dataSource.getConnection();
    autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
  }

  Connection get() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    try (Connection closing = connection) {
      closing.setAutoCommit(autoCommit);
    }
  }
}
