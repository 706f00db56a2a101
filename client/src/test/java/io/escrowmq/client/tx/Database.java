package io.escrowmq.client.tx;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.xa.PGXADataSource;

/** The databases that tests run against; both are the real thing. */
public enum Database {
  /** In this process, in memory. */
  H2 {
    @Override
    boolean isWaiting(DataSource source, Thread user) {
      return Stream.of(user.getStackTrace())
          .anyMatch(frame -> frame.getMethodName().equals("executeUpdate"));
    }

    @Override
    public DataSource open() {
      return inMemory();
    }

    @Override
    public XADataSource openXa() {
      return inMemory();
    }
  },
  /** A server process, which ends with this one. */
  POSTGRES {
    @Override
    boolean isWaiting(DataSource source, Thread user) throws SQLException {
      return number(source, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0;
    }

    @Override
    public DataSource open() {
      return Server.RUNNING.getPostgresDatabase();
    }

    @Override
    public XADataSource openXa() {
      PGXADataSource source = new PGXADataSource();
      source.setUrl(Server.RUNNING.getJdbcUrl("postgres", "postgres"));
      return source;
    }
  };

  private static final AtomicInteger NAMES = new AtomicInteger();

  private static JdbcDataSource inMemory() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:shared;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000");
    return source;
  }

  /** A source of new connections. */
  public abstract DataSource open();

  /** The same database, for transaction managers. */
  public abstract XADataSource openXa();

  /**
   * Whether this thread waits for a row that another transaction has. H2 does not tell, it tries again
   * and again: here, a change that goes on while the row is taken counts.
   */
  abstract boolean isWaiting(DataSource source, Thread user) throws SQLException;

  /** A table name that no test has used. */
  public static String freshTable() {
    return "table_" + NAMES.incrementAndGet();
  }

  /** The first number of the first row. */
  public static long number(DataSource source, String query) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  public static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection()) {
      execute(connection, sql);
    }
  }

  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Started by the first test that needs it; it can prepare transactions. */
  private static final class Server {

    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("max_prepared_transactions", "10")
            .start();
      } catch (IOException e) {
        throw new IllegalStateException("PostgreSQL does not start", e);
      }
    }
  }
}
