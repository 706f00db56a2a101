package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionMessages;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.TransactionSplitException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A change and its messages when the work ignores errors or uses savepoints. */
@ParameterizedClass
@EnumSource(Database.class)
@Timeout(120) // should a transaction wait for time, which stands still here
final class TransactionProofTest {

  private final Database database;
  private final TransactionBed bed;

  TransactionProofTest(Database database) throws SQLException {
    this.database = database;
    this.bed = new TransactionBed(database.open(), database.open(), false);
  }

  @AfterEach
  void close() {
    bed.close();
  }

  private void change(Connection connection, TransactionMessages messages, int n)
      throws SQLException {
    bed.insert(connection, n);
    messages.send(Message.to("t").body("" + n));
  }

  private void ignoredFailure(Connection connection) {
    assertThatThrownBy(() -> bed.insert(connection, 1)).isInstanceOf(SQLException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNotShowMessagesOfATransactionThatAnIgnoredFailureHasAborted(boolean halts)
      throws SQLException {
    // given
    assumeTrue(database == Database.POSTGRES, "others go on after a failed statement");
    if (halts) {
      bed.haltAfterCommit();
    }

    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> bed.transactions().inTransaction((connection, messages) -> {
          change(connection, messages, 1);
          ignoredFailure(connection);
        }))
        .withMessageContaining("aborted")
        .withMessageContaining("SQLSTATE 23505");

    // then
    bed.settle();
    assertThat(bed.rows()).isEmpty();
    assertThat(bed.visible()).isEmpty();
  }

  @Test
  void shouldSayThatATransactionWithoutMessagesWasAborted() throws SQLException {
    // given
    assumeTrue(database == Database.POSTGRES, "others go on after a failed statement");

    // when, then
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> bed.transactions().inTransaction((connection, messages) -> {
          bed.insert(connection, 1);
          ignoredFailure(connection);
        }))
        .withMessageContaining("SQLSTATE 23505");
    assertThat(bed.rows()).isEmpty();
  }

  @Test
  void shouldCommitAfterAnIgnoredFailureThatTheDatabaseHasUndoneAlone() throws SQLException {
    // given
    assumeTrue(database == Database.H2, "PostgreSQL aborts the transaction");

    // when
    bed.transactions().inTransaction((connection, messages) -> {
      change(connection, messages, 1);
      ignoredFailure(connection);
    });

    // then
    assertThat(bed.rows()).containsExactly(1);
    assertThat(bed.visible()).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldUndoMessagesWithTheirSavepoint(boolean halts) throws SQLException {
    // given
    if (halts) {
      bed.haltAfterCommit();
    }

    // when
    bed.transactions().inTransaction((connection, messages) -> {
      change(connection, messages, 1);
      Savepoint optional = connection.setSavepoint();
      change(connection, messages, 2);
      ignoredFailure(connection);
      connection.rollback(optional);
      change(connection, messages, 3);
    });

    // then
    bed.settle();
    assertThat(bed.rows()).containsExactly(1, 3);
    assertThat(bed.visible()).containsExactly(1, 3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldKeepAChangeWhoseOnlySendWasUndone(boolean halts) throws SQLException {
    // given
    if (halts) {
      bed.haltAfterCommit();
    }

    // when
    bed.transactions().inTransaction((connection, messages) -> {
      bed.insert(connection, 1);
      Savepoint optional = connection.setSavepoint();
      messages.send(Message.to("t").body("2"));
      connection.rollback(optional);
    });

    // then
    bed.settle();
    assertThat(bed.rows()).containsExactly(1);
    assertThat(bed.visible()).as("its send was undone").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMMIT", "commit;", " /* so */ ROLLBACK", "END", "SET AUTOCOMMIT ON"})
  void shouldRefuseSqlThatEndsTheTransaction(String sql) throws SQLException {
    // when
    bed.transactions().inTransaction((connection, messages) -> {
      change(connection, messages, 1);
      assertThatThrownBy(() -> Database.execute(connection, sql))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("is refused here");
      assertThatThrownBy(() -> connection.prepareStatement(sql)).isInstanceOf(SQLException.class);
      try (Statement batch = connection.createStatement()) {
        assertThatThrownBy(() -> batch.addBatch(sql)).isInstanceOf(SQLException.class);
      }
    });

    // then
    assertThat(bed.rows()).containsExactly(1);
    assertThat(bed.visible()).containsExactly(1);
  }

  @Test
  void shouldLeadBackToTheGuardedConnection() throws SQLException {
    // when
    bed.transactions().inTransaction((connection, messages) -> {
      change(connection, messages, 1);
      try (Statement statement = connection.createStatement()) {
        assertThat(statement.getConnection()).isSameAs(connection);
        assertThat(statement.executeQuery("SELECT 1").getStatement()).isSameAs(statement);
        assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
        assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
      }
    });

    // then
    assertThat(bed.visible()).containsExactly(1);
  }

  @Test
  void shouldLetTheWorkSetTheIsolationFirst() throws SQLException {
    // when
    bed.transactions().inTransaction((connection, messages) -> {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      Database.execute(
          connection,
          database == Database.POSTGRES
              ? "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"
              : "SET LOCK_TIMEOUT 1000");
      change(connection, messages, 1);
      connection.setAutoCommit(false);
    });

    // then
    assertThat(bed.visible()).containsExactly(1);
  }

  @Test
  void shouldShowMessagesAroundPlainStatementsInOneStep() throws SQLException {
    // when
    bed.transactions().inTransaction((connection, messages) -> {
      change(connection, messages, 1);
      change(connection, messages, 2);
      change(connection, messages, 3);
    });

    // then
    assertThat(bed.visible()).containsExactly(1, 2, 3);
    assertThat(bed.broker().halves().stream().map(FakeBroker.Half::transaction).distinct())
        .as("one name, one row, one decision")
        .hasSize(1);
  }

  @Test
  void shouldSayAtOnceThatADeferredConstraintWasViolated() throws SQLException {
    // given
    assumeTrue(database == Database.POSTGRES, "H2 defers no constraint");
    MeddledDatabase pool = new MeddledDatabase(database.open()); // of one connection
    try (TransactionBed ofOne = new TransactionBed(database.open(), pool.source(), false)) {
      Database.execute(
          database.open(),
          "ALTER TABLE " + ofOne.business() + " ADD CONSTRAINT " + ofOne.business()
              + "_later UNIQUE (n) DEFERRABLE INITIALLY DEFERRED, DROP CONSTRAINT "
              + ofOne.business() + "_pkey");

      // when
      assertThatExceptionOfType(TransactionRolledBackException.class)
          .isThrownBy(() -> ofOne.transactions().inTransaction((connection, messages) -> {
            ofOne.insert(connection, 1);
            ofOne.insert(connection, 1);
            messages.send(Message.to("t").body("1"));
          }))
          .withMessageContaining(ofOne.business() + "_later");

      // then
      assertThat(ofOne.rows()).isEmpty();
      ofOne.settle();
      assertThat(ofOne.visible()).isEmpty();
    }
  }

  @Test
  void shouldLookAfterTheCommitOfADriverThatItDoesNotKnow() throws SQLException {
    // given
    MeddledDatabase pool = new MeddledDatabase(database.open());
    pool.hideTheDriversName();
    try (TransactionBed unknown = new TransactionBed(database.open(), pool.source(), false)) {
      pool.commits(MeddledDatabase.Commit.RETURNS_ROLLED_BACK);

      // when
      assertThatExceptionOfType(TransactionRolledBackException.class)
          .isThrownBy(() -> unknown.transactions().inTransaction((connection, messages) -> {
            unknown.insert(connection, 1);
            messages.send(Message.to("t").body("1"));
          }));

      // then
      unknown.settle();
      assertThat(unknown.rows()).isEmpty();
      assertThat(unknown.visible()).isEmpty();
    }
  }

  @Test
  void shouldNotTakeTheRestForCommittedWhenOnlyAPartWas() throws SQLException {
    // given
    MeddledDatabase pool = new MeddledDatabase(database.open());
    try (TransactionBed other = new TransactionBed(database.open(), pool.source(), false)) {

      // when
      assertThatExceptionOfType(TransactionSplitException.class)
          .isThrownBy(() -> other.transactions().inTransaction((connection, messages) -> {
            other.insert(connection, 1);
            messages.send(Message.to("t").body("1"));
            Database.execute(connection, "SELECT 1; COMMIT");
            other.insert(connection, 2);
            pool.commits(MeddledDatabase.Commit.THROWS_ROLLED_BACK);
          }));

      // then
      other.settle();
      assertThat(other.rows()).containsExactly(1);
      assertThat(other.visible()).containsExactly(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void shouldFindTheOutcomeThoughTheWorkGoesToAnotherSchema(boolean inSql, boolean halts)
      throws SQLException {
    // given
    String schema = Database.freshTable();
    Database.execute(database.open(), "CREATE SCHEMA " + schema);
    for (String table : List.of(bed.table(), bed.business())) {
      Database.execute(
          database.open(), "CREATE TABLE " + schema + "." + table + " AS SELECT * FROM " + table);
    }
    if (halts) {
      bed.haltAfterCommit();
    }

    // when
    bed.transactions().inTransaction((connection, messages) -> {
      if (inSql) {
        boolean path = database == Database.POSTGRES;
        Database.execute(connection, (path ? "SET search_path TO " : "SET SCHEMA ") + schema);
      } else {
        connection.setSchema(database == Database.H2 ? schema.toUpperCase(Locale.ROOT) : schema);
      }
      change(connection, messages, 1);
    });

    // then
    bed.settle();
    assertThat(Database.number(
            database.open(), "SELECT count(*) FROM " + schema + "." + bed.business()))
        .isEqualTo(1);
    assertThat(bed.visible()).containsExactly(1);
  }

  @Test
  void shouldCommitNothingWhenTheRollbackFails() throws SQLException {
    // given
    MeddledDatabase pool = new MeddledDatabase(database.open());
    try (TransactionBed failing = new TransactionBed(database.open(), pool.source(), false)) {
      pool.failRollbacks();

      // when
      assertThatThrownBy(() -> failing.transactions().inTransaction((connection, messages) -> {
            failing.insert(connection, 1);
            messages.send(Message.to("t").body("1"));
            throw new SQLException("the work fails");
          }))
          .hasMessage("the work fails");

      // then
      assertThat(failing.rows()).isEmpty();
      failing.settle();
      assertThat(failing.visible()).isEmpty();
    }
  }

  @Test
  void shouldTellWhyItDidNotCommitTheRestOfWhatWasCommittedInPart() throws SQLException {
    // given
    assumeTrue(database == Database.POSTGRES, "others go on after a failed statement");

    // when
    assertThatExceptionOfType(TransactionSplitException.class)
        .isThrownBy(() -> bed.transactions().inTransaction((connection, messages) -> {
          change(connection, messages, 1);
          Database.execute(connection, "SELECT 1; COMMIT");
          change(connection, messages, 2);
          assertThatThrownBy(() -> bed.insert(connection, 2)).isInstanceOf(SQLException.class);
        }))
        .satisfies(split -> assertThat(split.getSuppressed())
            .singleElement()
            .asInstanceOf(type(TransactionRolledBackException.class))
            .extracting(Throwable::getMessage)
            .asString()
            .contains("SQLSTATE 23505"));

    // then
    bed.settle();
    assertThat(bed.rows()).containsExactly(1);
    assertThat(bed.visible()).containsExactly(1);
  }

  @Test
  void shouldRefuseStatementsAfterItsEnd() throws SQLException {
    // given
    Connection late = bed.transactions().callInTransaction((connection, messages) -> {
      change(connection, messages, 1);
      return connection;
    });

    // when, then
    assertThatThrownBy(() -> bed.insert(late, 2)).isInstanceOf(SQLException.class);
  }
}
