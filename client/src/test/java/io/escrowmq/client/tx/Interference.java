package io.escrowmq.client.tx;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.h2.jdbc.JdbcConnection;
import org.postgresql.jdbc.PgConnection;

/** What may happen to a transaction behind the client's back. */
enum Interference {
  NOTHING {
    @Override
    void act(Scene scene) {}
  },
  IGNORED_DUPLICATE_KEY {
    @Override
    void act(Scene scene) throws SQLException {
      ignoringFailure(scene.connection(), "INSERT INTO " + scene.auxiliary() + " VALUES (1, 1)");
    }
  },
  IGNORED_SYNTAX_ERROR {
    @Override
    void act(Scene scene) throws SQLException {
      ignoringFailure(scene.connection(), "INSERT NOTHING");
    }
  },
  IGNORED_TIMEOUT {
    @Override
    void act(Scene scene) throws SQLException {
      if (scene.database() == Database.POSTGRES) {
        Database.execute(scene.connection(), "SET LOCAL statement_timeout = 1");
        ignoringFailure(scene.connection(), "SELECT pg_sleep(20)");
      } else {
        Database.execute(scene.connection(), "SET QUERY_TIMEOUT 1");
        ignoringFailure(
            scene.connection(),
            "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000) b"
                + " WHERE a.x + b.x < 0");
        Database.execute(scene.connection(), "SET QUERY_TIMEOUT 0");
      }
    }
  },
  /** The whole transaction is rolled back; H2 begins another one with the next statement. */
  IGNORED_DEADLOCK {
    @Override
    void act(Scene scene) throws SQLException {
      Deadlock.happen(scene);
    }
  },
  IGNORED_SERIALIZATION_FAILURE {
    @Override
    boolean isSerializable() {
      return true;
    }

    @Override
    void act(Scene scene) throws SQLException {
      if (scene.database() == Database.POSTGRES) {
        WriteSkew skew = new WriteSkew(scene);
        skew.read();
        skew.letAnotherCommit();
        ignoringFailure(skew::change);
      }
    }
  },
  /** No statement need fail: PostgreSQL may say so only when it is to commit. */
  LATE_SERIALIZATION_FAILURE {
    @Override
    boolean isSerializable() {
      return true;
    }

    @Override
    void act(Scene scene) throws SQLException {
      if (scene.database() == Database.POSTGRES) {
        WriteSkew skew = new WriteSkew(scene);
        skew.read();
        skew.change();
        skew.letAnotherCommit();
      }
    }
  },
  SQL_COMMIT {
    @Override
    void act(Scene scene) throws SQLException {
      ignoringFailure(scene.connection(), "COMMIT");
    }
  },
  SQL_ROLLBACK {
    @Override
    void act(Scene scene) throws SQLException {
      ignoringFailure(scene.connection(), "ROLLBACK");
    }
  },
  COMMIT {
    @Override
    void act(Scene scene) {
      ignoringFailure(scene.connection()::commit);
    }
  },
  ROLLBACK {
    @Override
    void act(Scene scene) {
      ignoringFailure(scene.connection()::rollback);
    }
  },
  AUTO_COMMIT {
    @Override
    void act(Scene scene) {
      ignoringFailure(() -> scene.connection().setAutoCommit(true));
    }
  },
  CLOSE {
    @Override
    void act(Scene scene) throws SQLException {
      scene.connection().close();
    }
  },
  COMMIT_OF_A_STATEMENTS_CONNECTION {
    @Override
    void act(Scene scene) throws SQLException {
      try (Statement statement = scene.connection().createStatement()) {
        ignoringFailure(() -> statement.getConnection().commit());
        ignoringFailure(() ->
            statement.executeQuery("SELECT 1").getStatement().getConnection().commit());
      }
    }
  },
  SAVEPOINT_AROUND_A_FAILURE {
    @Override
    void act(Scene scene) throws SQLException {
      Savepoint before = scene.connection().setSavepoint();
      ignoringFailure(scene.connection(), "INSERT INTO " + scene.auxiliary() + " VALUES (1, 1)");
      scene.connection().rollback(before);
    }
  },
  SQL_SAVEPOINT_AROUND_A_FAILURE {
    @Override
    void act(Scene scene) throws SQLException {
      Database.execute(scene.connection(), "SAVEPOINT before");
      ignoringFailure(scene.connection(), "INSERT INTO " + scene.auxiliary() + " VALUES (1, 1)");
      Database.execute(scene.connection(), "ROLLBACK TO SAVEPOINT before");
    }
  },
  READ_ONLY {
    @Override
    void act(Scene scene) {
      try {
        scene.connection().setReadOnly(true);
      } catch (SQLException ignored) {
        // PostgreSQL takes it before the first statement only
      }
    }
  },
  /** Commits by itself in H2, and belongs to the transaction in PostgreSQL. */
  TABLE_CREATED {
    @Override
    boolean commits() {
      return true;
    }

    @Override
    void act(Scene scene) throws SQLException {
      Database.execute(scene.connection(), "CREATE TABLE " + Database.freshTable() + " (n INT)");
    }
  },
  COMMIT_AMONG_OTHER_SQL {
    @Override
    boolean commits() {
      return true;
    }

    @Override
    void act(Scene scene) throws SQLException {
      Database.execute(scene.connection(), "SELECT 1; COMMIT");
    }
  },
  COMMIT_OF_THE_DRIVERS_CONNECTION {
    @Override
    boolean commits() {
      return true;
    }

    @Override
    void act(Scene scene) throws SQLException {
      scene.connection().unwrap(scene.driversType()).commit();
    }
  },
  AUTO_COMMIT_OF_THE_DRIVERS_CONNECTION {
    @Override
    boolean commits() {
      return true;
    }

    @Override
    boolean commitsWhatFollows() {
      return true;
    }

    @Override
    void act(Scene scene) throws SQLException {
      scene.connection().unwrap(scene.driversType()).setAutoCommit(true);
    }
  },
  ROLLBACK_OF_THE_DRIVERS_CONNECTION {
    @Override
    void act(Scene scene) throws SQLException {
      scene.connection().unwrap(scene.driversType()).rollback();
    }
  },
  SAVEPOINT_OF_THE_DRIVERS_CONNECTION {
    @Override
    void act(Scene scene) throws SQLException {
      Connection own = scene.connection().unwrap(scene.driversType());
      Savepoint before = own.setSavepoint();
      scene.send(-9);
      own.rollback(before);
    }
  },
  /** By somebody who has the pool's own handle. */
  UNSEEN_ROLLBACK {
    @Override
    void act(Scene scene) throws SQLException {
      scene.pool().lent().rollback();
    }
  },
  CONNECTION_REPLACED {
    @Override
    void act(Scene scene) throws SQLException {
      scene.pool().replaceConnection();
    }
  },
  CONNECTION_BROKEN {
    @Override
    void act(Scene scene) throws SQLException {
      scene.pool().lent().close();
    }
  };

  /** What it meddles with. */
  interface Scene {

    Database database();

    /** As the work has it. */
    Connection connection();

    MeddledDatabase pool();

    /** A table (a, b) with the rows (1, 0) and (2, 0), a the key; not the transaction's. */
    String auxiliary();

    /** Sends a message about no row. */
    void send(int n);

    default Class<? extends Connection> driversType() {
      return database() == Database.POSTGRES ? PgConnection.class : JdbcConnection.class;
    }
  }

  abstract void act(Scene scene) throws SQLException;

  /** Whether it commits what was done until then, and is not refused. */
  boolean commits() {
    return false;
  }

  /** Whether each statement after it is committed at once. */
  boolean commitsWhatFollows() {
    return false;
  }

  /** Whether the transaction has to be serializable from its begin. */
  boolean isSerializable() {
    return false;
  }

  private interface Trial {
    void run() throws SQLException;
  }

  /** As careless applications do. If it does not fail, it interferes with nothing. */
  private static void ignoringFailure(Trial trial) {
    try {
      trial.run();
    } catch (SQLException ignored) {
      return;
    }
    throw new AssertionError("it should have failed");
  }

  private static void ignoringFailure(Connection connection, String sql) {
    ignoringFailure(() -> Database.execute(connection, sql));
  }
}
