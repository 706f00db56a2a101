package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionRolledBackException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** A transaction is ended by another thread while a statement of its work is inside the driver. */
@ParameterizedClass
@EnumSource(Database.class)
final class EndedByAnotherThreadTest {

  /** How the work changes a row, and the call of the driver that does it. */
  enum Change {
    EXECUTE("execute") {
      @Override
      void run(Connection connection, String table) throws SQLException {
        Database.execute(connection, insert(table));
      }
    },
    EXECUTE_UPDATE("executeUpdate") {
      @Override
      void run(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
          statement.executeUpdate(insert(table));
        }
      }
    },
    BATCH("executeBatch") {
      @Override
      void run(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
          statement.addBatch(insert(table));
          statement.executeBatch();
        }
      }
    },
    PREPARED("executeUpdate") {
      @Override
      void run(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert(table))) {
          statement.executeUpdate();
        }
      }
    },
    PREPARED_BATCH("executeBatch") {
      @Override
      void run(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert(table))) {
          statement.addBatch();
          statement.executeBatch();
        }
      }
    },
    RESULT_SET("insertRow") {
      @Override
      void run(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
            ResultSet rows = statement.executeQuery("SELECT n FROM " + table)) {
          rows.moveToInsertRow();
          rows.updateInt(1, 2);
          rows.insertRow();
        }
      }
    };

    private final String call;

    Change(String call) {
      this.call = call;
    }

    abstract void run(Connection connection, String table) throws SQLException;

    private static String insert(String table) {
      return "INSERT INTO " + table + " VALUES (2)";
    }
  }

  private final StoppingPool pool;
  private final Database database;
  private final TransactionBed bed;
  private final TableTransaction transaction;

  EndedByAnotherThreadTest(Database database) throws SQLException {
    this.database = database;
    this.pool = new StoppingPool(database.open());
    this.bed = new TransactionBed(database.open(), pool.source(), false);
    this.transaction = bed.transactions().begin();
  }

  @AfterEach
  void close() {
    bed.close();
  }

  private void changeAndSend() throws SQLException {
    bed.insert(transaction.connection(), 1);
    transaction.send(Message.to("t").body("1"));
  }

  private CompletableFuture<Void> changing(Change change) throws Exception {
    changeAndSend();
    pool.stopIn(change.call);
    CompletableFuture<Void> working =
        working(() -> change.run(transaction.connection(), bed.business()));
    pool.awaitStop();
    return working;
  }

  private interface Work {
    void run() throws SQLException;
  }

  private static CompletableFuture<Void> working(Work work) {
    return CompletableFuture.runAsync(() -> {
      try {
        work.run();
      } catch (SQLException | IllegalStateException e) {
        // that it has ended, or was cancelled, depends on the driver
      }
    });
  }

  private void isAsIfItHadNeverBeen() throws SQLException {
    assertThat(pool.lent()).as("connections not given back").isZero();
    assertThat(Database.number(database.open(), "SELECT count(*) FROM " + bed.table()))
        .isZero();
    bed.settle();
    assertThat(bed.rows()).isEmpty();
    assertThat(bed.visible()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void shouldRollBackWhatAStatementDoesThatIsInsideTheDriver(Change change) throws Exception {
    // given
    CompletableFuture<Void> working = changing(change);

    // when
    transaction.close(); // cancels, which the driver takes for a reason to hurry
    pool.goOn();
    working.join();

    // then
    isAsIfItHadNeverBeen();
  }

  @Test
  void shouldNotWaitForAStatementThatDoesNotStopButEndWithIt() throws Exception {
    // given
    pool.ignoreCancel();
    CompletableFuture<Void> working = changing(Change.PREPARED);

    // when
    transaction.close();
    assertThat(working).isNotDone();
    assertThat(pool.lent()).isEqualTo(1);
    pool.goOn();
    working.join();

    // then
    isAsIfItHadNeverBeen();
  }

  @Test
  void shouldNotCommitWhileAStatementRuns() throws Exception {
    // given
    CompletableFuture<Void> working = changing(Change.EXECUTE_UPDATE);

    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(transaction::commit)
        .withMessageContaining("was still running");
    transaction.close();
    pool.goOn();
    working.join();

    // then
    isAsIfItHadNeverBeen();
  }

  @Test
  void shouldRollBackTheRowThatASendIsJustWriting() throws Exception {
    // given
    pool.stopIn("executeUpdate");
    CompletableFuture<Void> working =
        working(() -> transaction.send(Message.to("t").body("1")));
    pool.awaitStop();

    // when
    transaction.close();
    pool.goOn();
    working.join();

    // then
    isAsIfItHadNeverBeen();
  }

  @Test
  void shouldNotTakeForHandledWhatAStatementStillWorksOn() throws Exception {
    // given
    HandledMessages handled = new HandledMessages(
        pool.source(),
        Database.freshTable(),
        "group",
        Duration.ofDays(1),
        InstantSource.system(),
        RealTurns::next);
    handled.prepareTable(true);
    AtomicReference<CompletableFuture<Void>> working = new AtomicReference<>();
    AtomicInteger times = new AtomicInteger();

    // when
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> handled.once("t", "id", connection -> {
          times.incrementAndGet();
          pool.stopIn("executeUpdate");
          working.set(working(() -> Change.PREPARED.run(connection, bed.business())));
          pool.awaitStop();
        }))
        .withMessageContaining("still running");
    pool.goOn();
    working.get().join();
    handled.once("t", "id", connection -> times.incrementAndGet());
    transaction.close();

    // then
    assertThat(times).hasValue(2);
    isAsIfItHadNeverBeen();
  }

  @Test
  void shouldRefuseWhatComesAfterTheEnd() throws Exception {
    // given
    changeAndSend();
    String insert = "INSERT INTO " + bed.business() + " VALUES (3)";
    PreparedStatement prepared = transaction.connection().prepareStatement(insert);
    transaction.close();

    // when, then
    assertThatThrownBy(prepared::executeUpdate)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("has ended");
    assertThatThrownBy(() -> transaction.connection().createStatement())
        .isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> transaction.send(Message.to("t").body("3")))
        .isInstanceOf(IllegalStateException.class);
    prepared.cancel();
    prepared.close();
    transaction.connection().close();
    isAsIfItHadNeverBeen();
  }

  /** No pool can lend what the driver has closed; H2's drivers cannot abort. */
  @Test
  void shouldNotLendAConnectionAgainThatSomebodyElseHasInHisHands() throws Exception {
    // given
    assumeTrue(database == Database.POSTGRES, "H2 does not abort connections");
    changeAndSend();
    Connection raw =
        transaction.connection().unwrap(PGConnection.class) instanceof Connection connection
            ? connection
            : fail("not the driver's");

    // when
    CompletableFuture.runAsync(transaction::close).join();

    // then
    assertThat(raw.isClosed()).isTrue();
    bed.settle();
    assertThat(bed.rows()).isEmpty();
    assertThat(bed.visible()).isEmpty();
  }
}
