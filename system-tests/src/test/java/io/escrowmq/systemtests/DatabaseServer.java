package io.escrowmq.systemtests;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.h2.tools.Server;

/**
 * A database behind a port: a program that is killed leaves its transaction behind, as it would elsewhere. Owner: one
 * test.
 */
interface DatabaseServer extends AutoCloseable {

  /** The kinds there are. */
  enum Kind {
    H2 {
      @Override
      DatabaseServer start() throws SQLException {
        return new H2(Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start());
      }
    },
    POSTGRES {
      @Override
      DatabaseServer start() throws IOException {
        return new Postgres(EmbeddedPostgres.builder()
            .setServerConfig("max_prepared_transactions", "10")
            .start());
      }
    };

    abstract DatabaseServer start() throws SQLException, IOException;
  }

  /** The JDBC address of the database, with all that is needed to log in. */
  String address();

  default void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of all rows. */
  default List<String> texts(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  @Override
  void close() throws SQLException, IOException;

  /** In memory of this process. */
  record H2(Server server) implements DatabaseServer {

    @Override
    public String address() {
      return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:" + server.getPort()
          + ";DB_CLOSE_DELAY=-1";
    }

    @Override
    public void close() throws SQLException {
      execute("SHUTDOWN");
      server.stop();
    }
  }

  /** A process of its own. */
  record Postgres(EmbeddedPostgres server) implements DatabaseServer {

    @Override
    public String address() {
      return server.getJdbcUrl("postgres", "postgres");
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
