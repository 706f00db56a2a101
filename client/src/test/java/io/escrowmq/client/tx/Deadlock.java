package io.escrowmq.client.tx;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Two transactions that wait for each other. The database rolls back one of them (H2), or aborts it
 * (PostgreSQL).
 */
final class Deadlock {

  private static final Duration PATIENCE = Duration.ofSeconds(60); // the machine may be busy

  private Deadlock() {}

  /** One of them is the scene's, whose failure is ignored. */
  static void happen(Interference.Scene scene) throws SQLException {
    String update = "UPDATE " + scene.auxiliary() + " SET b = b + 1 WHERE a = ";
    DataSource source = scene.database().open();
    if (scene.database() == Database.POSTGRES) { // so that it chooses the scene's
      Database.execute(scene.connection(), "SET LOCAL deadlock_timeout = '10ms'");
    }
    Database.execute(scene.connection(), update + 1);
    try (Connection other = source.getConnection()) {
      other.setAutoCommit(false);
      Database.execute(other, update + 2);
      Thread thread = new Thread(() -> ignoringFailure(other, update + 1), "the other transaction");
      thread.start();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> !thread.isAlive() || isWaiting(scene.database(), source, thread));
      ignoringFailure(scene.connection(), update + 2);
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
        if (thread.isAlive()) {
          return false;
        }
        other.rollback();
        return true;
      });
    }
  }

  private static boolean isWaiting(Database database, DataSource source, Thread thread)
      throws SQLException {
    if (database == Database.POSTGRES) {
      return database.isWaiting(source, thread);
    }
    return thread.getState() == Thread.State.TIMED_WAITING
        && Stream.of(thread.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().contains("waitFor"));
  }

  private static void ignoringFailure(Connection connection, String sql) {
    try {
      Database.execute(connection, sql);
    } catch (SQLException ignored) {
      // one of them is the victim
    }
  }
}
