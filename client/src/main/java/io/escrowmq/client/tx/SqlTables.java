package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.Arrays;

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

  /**
   * The table with the schema, or the catalog, that it is in now: the user of a connection may make
   * another one current (a tenant's, for instance), and the pool may hand it out so. The name as it is
   * when it says where the table is, or the database does not. The connection must be in auto-commit.
   */
  static String located(Connection connection, String table) throws SQLException {
    if (table.contains(".")) {
      return table;
    }
    String quote = connection.getMetaData().getIdentifierQuoteString().strip();
    for (String place : Arrays.asList(connection.getSchema(), connection.getCatalog())) {
      String located = quote + place + quote + "." + table;
      if (place != null && exists(connection, located)) {
        return located;
      }
    }
    return table;
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
