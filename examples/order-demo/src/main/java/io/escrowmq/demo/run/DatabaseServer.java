package io.escrowmq.demo.run;

import io.escrowmq.demo.DatabaseKind;
import io.escrowmq.demo.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.tools.Server;

/**
 * A database for each service, behind one server on a port of its own, so that a service that is
 * killed leaves an open transaction behind as it would elsewhere. Owner: whoever starts it.
 */
interface DatabaseServer extends AutoCloseable {

  /** The JDBC address of this service's database, with all that is needed to log in. */
  String address(Role role);

  @Override
  void close();

  /** Starts one; its files are in the directory. */
  static DatabaseServer start(DatabaseKind kind, Path directory) {
    return switch (kind) {
      case H2 -> H2.start(directory);
      case POSTGRES -> Postgres.start(directory);
    };
  }

  /** H2, in this process. */
  record H2(Server server) implements DatabaseServer {

    private static DatabaseServer start(Path directory) {
      System.setProperty("h2.bindAddress", "127.0.0.1");
      try {
        // of two databases that H2 creates at once, one would fail for want of their directory
        Path files = Files.createDirectories(directory.resolve("databases"));
        return new H2(
            Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", files.toString())
                .start());
      } catch (IOException | SQLException e) {
        throw new DemoException("H2 cannot be started: " + e.getMessage(), e);
      }
    }

    @Override
    public String address(Role role) {
      return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./" + role.word()
          + ";LOCK_TIMEOUT=2000";
    }

    @Override
    public void close() {
      server.stop();
    }
  }

  /** PostgreSQL, unpacked for this run. */
  record Postgres(EmbeddedPostgres server) implements DatabaseServer {

    private static DatabaseServer start(Path directory) {
      try {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("databases"))
            .setServerConfig("max_prepared_transactions", "50")
            .start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
            Statement statement = connection.createStatement()) {
          for (Role role : Role.values()) {
            statement.execute("CREATE DATABASE " + role.word());
          }
        }
        return new Postgres(server);
      } catch (IOException | SQLException e) {
        throw new DemoException("PostgreSQL cannot be started: " + e.getMessage(), e);
      }
    }

    @Override
    public String address(Role role) {
      return server.getJdbcUrl("postgres", role.word());
    }

    @Override
    public void close() {
      try {
        server.close();
      } catch (IOException e) {
        throw new DemoException("PostgreSQL cannot be stopped: " + e.getMessage(), e);
      }
    }
  }
}
