package io.escrowmq.demo.shop;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.postgresql.xa.PGXADataSource;

/** A service's own database, whichever kind it is. */
public final class Databases {

  private static final int MOST_CONNECTIONS = 16;

  private Databases() {}

  /** Connections that are kept and used again, unless their server was killed meanwhile. */
  public static DataSource pool(String address) {
    JdbcConnectionPool pool = JdbcConnectionPool.create(source(address));
    pool.setMaxConnections(MOST_CONNECTIONS);
    return (DataSource) Proxy.newProxyInstance(
        Databases.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (self, method, arguments) -> method.getName().equals("getConnection")
            ? working(pool)
            : method.invoke(pool, arguments));
  }

  /** The pool lets go of a connection that is broken when it is asked for it again. */
  private static Connection working(DataSource pool) throws SQLException {
    SQLException failure = new SQLException("no connection works");
    for (int attempt = 0; attempt < 2 * MOST_CONNECTIONS; attempt++) {
      try {
        Connection connection = pool.getConnection();
        if (isWorking(connection)) {
          return connection;
        }
        connection.close();
      } catch (SQLException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static boolean isWorking(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }

  private static ConnectionPoolDataSource source(String address) {
    if (address.startsWith("jdbc:h2:")) {
      JdbcDataSource h2 = new JdbcDataSource();
      h2.setURL(address);
      return h2;
    }
    PGConnectionPoolDataSource postgres = new PGConnectionPoolDataSource();
    postgres.setUrl(address);
    return postgres;
  }

  /** The same database for a transaction manager. */
  public static XADataSource xa(String address) {
    if (address.startsWith("jdbc:h2:")) {
      JdbcDataSource h2 = new JdbcDataSource();
      h2.setURL(address);
      return h2;
    }
    PGXADataSource postgres = new PGXADataSource();
    postgres.setUrl(address);
    return postgres;
  }

  /** Runs statements that create what is not there. */
  static void create(DataSource dataSource, String... statements) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Runs one statement; its parameters are whole numbers and texts. */
  static int update(Connection connection, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }
}
