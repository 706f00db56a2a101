package io.escrowmq.demo.run;

import io.escrowmq.demo.DatabaseKind;
import io.escrowmq.demo.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.h2.tools.Server;

/**
 * A database for each service, behind one server on a port of its own, so that a service that is
 * killed leaves an open transaction behind as it would elsewhere. Owner: whoever starts it.
 */
interface DatabaseServer extends AutoCloseable {

  /** The JDBC address of this service's database, with all that is needed to log in. */
  String address(Role role);

  /**
   * Kills it and starts it again, where it was.
   *
   * @param meanwhile done when there is none; must not block
   */
  void killAndRestart(Runnable meanwhile) throws InterruptedException;

  /** Does something while nobody kills it: a service cannot start without its database. */
  void whileUp(Step step) throws InterruptedException;

  /** Something that is done. */
  @FunctionalInterface
  interface Step {
    void run() throws InterruptedException;
  }

  @Override
  void close();

  /** Starts one; its files are in the directory. */
  static DatabaseServer start(DatabaseKind kind, Path directory) {
    return switch (kind) {
      case H2 -> H2.start(directory);
      case POSTGRES -> PostgresServer.start(directory);
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
    public void killAndRestart(Runnable meanwhile) {
      throw new UnsupportedOperationException("H2 is in this process");
    }

    @Override
    public void whileUp(Step step) throws InterruptedException {
      step.run();
    }

    @Override
    public void close() {
      server.stop();
    }
  }
}
