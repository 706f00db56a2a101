package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements on the table of outcomes, of one producer group. Any thread, once the table is
 * located; the caller brings the connection and its transaction.
 *
 * <p>The key is what makes it right: of a business transaction that says "committed" and a check that
 * says "rolled back", the database lets only one have the row.
 */
final class OutcomeTable {

  private static final String COMMITTED = "C";
  private static final String ROLLED_BACK = "R";
  private static final int MOST_IDS_A_QUERY = 100; // some databases take no more than 1,000

  private final String table;
  private final String group;
  private final int lockTimeoutSeconds;
  private volatile String located; // the table, wherever a connection looks for others

  /**
   * @param lockTimeoutSeconds how long a statement waits for another transaction that has the row
   */
  OutcomeTable(String table, String group, int lockTimeoutSeconds) {
    this.table = table;
    this.located = table;
    this.group = group;
    this.lockTimeoutSeconds = lockTimeoutSeconds;
  }

  /** Creates the table unless it is there; several may do so at the same time. */
  void create(Connection connection) throws SQLException {
    if (SqlTables.exists(connection, table)) {
      return;
    }
    SqlTables.create(
        connection,
        table,
        "tx_group VARCHAR(255) NOT NULL, tx_id VARCHAR(64) NOT NULL, outcome CHAR(1) NOT NULL,"
            + " PRIMARY KEY (tx_group, tx_id)");
  }

  /** From now on it is the table that this connection sees, also when it, or another, sees others. */
  void locate(Connection connection) throws SQLException {
    located = SqlTables.located(connection, table);
  }

  /**
   * Puts the outcome under the transaction's key.
   *
   * @return false when there is one already; the connection's transaction is then of no use any more
   *     in some databases
   * @throws SQLException also when the row is locked for too long
   */
  boolean insert(Connection connection, String id, TransactionOutcome outcome) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(
        "INSERT INTO " + located + " (tx_group, tx_id, outcome) VALUES (?, ?, ?)")) {
      insert.setQueryTimeout(lockTimeoutSeconds);
      insert.setString(1, group);
      insert.setString(2, id);
      insert.setString(3, outcome == TransactionOutcome.COMMIT ? COMMITTED : ROLLED_BACK);
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (SqlTables.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  /** The outcome that the connection's transaction sees; null when there is none. */
  @Nullable
  TransactionOutcome find(Connection connection, String id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "SELECT outcome FROM " + located + " WHERE tx_group = ? AND tx_id = ?")) {
      select.setQueryTimeout(lockTimeoutSeconds);
      select.setString(1, group);
      select.setString(2, id);
      try (ResultSet found = select.executeQuery()) {
        if (!found.next()) {
          return null;
        }
        String outcome = found.getString(1);
        if (COMMITTED.equals(outcome)) {
          return TransactionOutcome.COMMIT;
        }
        if (ROLLED_BACK.equals(outcome)) {
          return TransactionOutcome.ROLLBACK;
        }
        throw new SQLException(
            "the outcome of " + id + " in " + table + " is '" + outcome + "', which is none");
      }
    }
  }

  /** Those of these transactions that the connection's transaction sees as committed, or its own. */
  Set<String> committed(Connection connection, List<String> ids) throws SQLException {
    Set<String> found = new HashSet<>();
    for (int from = 0; from < ids.size(); from += MOST_IDS_A_QUERY) {
      addCommitted(
          connection, ids.subList(from, Math.min(ids.size(), from + MOST_IDS_A_QUERY)), found);
    }
    return found;
  }

  private void addCommitted(Connection connection, List<String> ids, Set<String> found)
      throws SQLException {
    String more = ", ?".repeat(ids.size() - 1);
    try (PreparedStatement select = connection.prepareStatement("SELECT tx_id, outcome FROM "
        + located + " WHERE tx_group = ? AND tx_id IN (?" + more + ")")) {
      select.setQueryTimeout(lockTimeoutSeconds);
      select.setString(1, group);
      for (int i = 0; i < ids.size(); i++) {
        select.setString(i + 2, ids.get(i));
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          if (COMMITTED.equals(rows.getString(2))) {
            found.add(rows.getString(1));
          }
        }
      }
    }
  }

  /** Drops what began before this time; returns how many. */
  int clean(Connection connection, long beforeMillis) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(
        "DELETE FROM " + located + " WHERE tx_group = ? AND tx_id < ?")) {
      delete.setString(1, group);
      delete.setString(2, TransactionIds.startingAt(beforeMillis));
      return delete.executeUpdate();
    }
  }

  @Override
  public String toString() {
    return table;
  }
}
