package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;

/** What all databases have, said in the way that each of them understands. */
final class SqlTables {

  private static final String CONSTRAINT_VIOLATION = "23"; // class of SQL states

  private SqlTables() {}

  /** Whether the connection's user can read the table; the connection must be in auto-commit. */
  static boolean exists(Connection connection, String table) {
    try (Statement select = connection.createStatement()) {
      select.execute("SELECT 1 FROM " + table + " WHERE 1 = 0");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Creates the table; succeeds also when another does so at the same time. */
  static void create(Connection connection, String table, String columns) throws SQLException {
    try (Statement create = connection.createStatement()) {
      create.execute("CREATE TABLE " + table + " (" + columns + ")");
    } catch (SQLException e) {
      if (!exists(connection, table)) {
        throw e;
      }
    }
  }

  /** What to throw when a table that must be there is not. */
  static IllegalStateException missing(String table) {
    return new IllegalStateException(
        "there is no table " + table + " that can be read; create it, or have createTable() do it");
  }

  /** Whether a row of this key was there already. */
  static boolean isDuplicateKey(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLIntegrityConstraintViolationException
        || (state != null && state.startsWith(CONSTRAINT_VIOLATION));
  }
}
