package io.escrowmq.demo.agree;

import io.escrowmq.client.TransactionOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table of a hand-written listener: how the transaction of each message ended. Any thread. */
final class ListenedOutcomes {

  private static final int LOCK_TIMEOUT_SECONDS = 1;
  private static final String DUPLICATE_KEY = "23505";

  private final DataSource dataSource;

  ListenedOutcomes(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  void create() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS listened_outcomes ("
          + "message_id VARCHAR(64) PRIMARY KEY, outcome VARCHAR(8) NOT NULL)");
    }
  }

  void insert(Connection connection, String messageId, TransactionOutcome outcome)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(
        "INSERT INTO listened_outcomes (message_id, outcome) VALUES (?, ?)")) {
      insert.setQueryTimeout(LOCK_TIMEOUT_SECONDS);
      insert.setString(1, messageId);
      insert.setString(2, outcome.name());
      insert.executeUpdate();
    }
  }

  /** What is written, or else a tombstone; UNKNOWN while the database cannot say. */
  TransactionOutcome find(String messageId) {
    try (Connection connection = dataSource.getConnection()) {
      TransactionOutcome written = read(connection, messageId);
      if (written != null) {
        return written;
      }
      try {
        insert(connection, messageId, TransactionOutcome.ROLLBACK);
        return TransactionOutcome.ROLLBACK;
      } catch (SQLException e) {
        written = DUPLICATE_KEY.equals(e.getSQLState()) ? read(connection, messageId) : null;
        return written == null ? TransactionOutcome.UNKNOWN : written;
      }
    } catch (SQLException e) {
      return TransactionOutcome.UNKNOWN;
    }
  }

  private static @Nullable TransactionOutcome read(Connection connection, String messageId)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT outcome FROM listened_outcomes WHERE message_id = ?")) {
      select.setString(1, messageId);
      try (ResultSet found = select.executeQuery()) {
        return found.next() ? TransactionOutcome.valueOf(found.getString(1)) : null;
      }
    }
  }
}
