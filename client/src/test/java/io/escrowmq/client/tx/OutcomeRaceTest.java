package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.TransactionOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A business transaction and a check about it, in every order in which their steps can come, also those
 * that the protocol excludes (a check before its half-message). Whatever the order: the check's answer
 * and the business data agree, for ever.
 */
@ParameterizedClass
@EnumSource(Database.class)
final class OutcomeRaceTest {

  private static final String ID = TransactionIds.startingAt(1) + "X";
  private static final int CHECK_STEPS = 3; // look, put the tombstone, look again

  /** What happens next. */
  private enum Step {
    /** The business data and the row. */
    INSERT,
    /** The half-message leaves, if the row was taken. */
    HALF,
    COMMIT,
    ROLLBACK,
    /** One statement of the check. */
    CHECK
  }

  private final Database database;
  private final DataSource source;
  private final String tableName = Database.freshTable();
  private final String business = Database.freshTable();
  private final OutcomeTable table = new OutcomeTable(tableName, "group", 20);
  private final OutcomeTable impatient = new OutcomeTable(tableName, "group", 1);

  OutcomeRaceTest(Database database) {
    this.database = database;
    this.source = database.open();
  }

  @BeforeEach
  void create() throws SQLException {
    try (Connection connection = source.getConnection()) {
      table.create(connection);
      Database.execute(connection, "CREATE TABLE " + business + " (n INT)");
    }
  }

  @AfterEach
  void drop() throws SQLException {
    Database.execute(source, "DROP TABLE " + tableName);
    Database.execute(source, "DROP TABLE " + business);
  }

  static Stream<List<Step>> orders() {
    return Stream.of(
            List.of(Step.INSERT, Step.HALF, Step.COMMIT),
            List.of(Step.INSERT, Step.HALF, Step.ROLLBACK),
            List.of(Step.INSERT)) // and then it blocks for longer than the check waits
        .flatMap(steps -> merged(steps, CHECK_STEPS).stream());
  }

  private static List<List<Step>> merged(List<Step> business, int checks) {
    if (business.isEmpty() && checks == 0) {
      return List.of(List.of());
    }
    List<List<Step>> all = new ArrayList<>();
    if (!business.isEmpty()) {
      merged(business.subList(1, business.size()), checks)
          .forEach(rest -> all.add(prepended(business.get(0), rest)));
    }
    if (checks > 0) {
      merged(business, checks - 1).forEach(rest -> all.add(prepended(Step.CHECK, rest)));
    }
    return all;
  }

  private static List<Step> prepended(Step first, List<Step> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldAgreeInEveryOrder(List<Step> order) throws SQLException {
    // given
    boolean ends = order.contains(Step.COMMIT) || order.contains(Step.ROLLBACK);
    boolean sent = false;
    TransactionOutcome answer;
    try (Connection transaction = source.getConnection();
        SteppedCheck check = new SteppedCheck(database, source, ends ? table : impatient, ID)) {
      transaction.setAutoCommit(false);
      boolean hasRow = false;
      boolean ended = false;

      // when
      for (Step step : order) {
        switch (step) {
          case INSERT -> hasRow = insert(transaction);
          case HALF -> sent = hasRow;
          case COMMIT -> {
            end(transaction, hasRow);
            ended = true;
          }
          case ROLLBACK -> {
            transaction.rollback();
            ended = true;
          }
          case CHECK -> check.step(hasRow && !ended);
        }
      }
      answer = check.finish();
      if (!ends) {
        transaction.rollback();
      }
      assertThat(rows()).isEqualTo(hasRow && order.contains(Step.COMMIT) ? 1 : 0);
    }

    // then
    boolean committed = rows() == 1;
    TransactionOutcome truth = committed ? TransactionOutcome.COMMIT : TransactionOutcome.ROLLBACK;
    assertThat(new OutcomeCheck(source, table).find(ID, true))
        .as("what later checks say, after %s", answer)
        .isEqualTo(truth);
    if (answer != TransactionOutcome.UNKNOWN) {
      assertThat(answer).isEqualTo(truth);
    }
    assertThat(answer != TransactionOutcome.UNKNOWN || !ends)
        .as("a check knows once the transaction has ended")
        .isTrue();
    assertThat(sent || !committed).as("no commit without half-message").isTrue();
  }

  private boolean insert(Connection transaction) throws SQLException {
    Database.execute(transaction, "INSERT INTO " + business + " VALUES (1)");
    return table.insert(transaction, ID, TransactionOutcome.COMMIT);
  }

  /** As the client does it: a transaction that did not get the row is rolled back. */
  private static void end(Connection transaction, boolean hasRow) throws SQLException {
    if (hasRow) {
      transaction.commit();
    } else {
      transaction.rollback();
    }
  }

  private long rows() throws SQLException {
    return Database.number(source, "SELECT count(*) FROM " + business);
  }

  @Test
  void shouldWaitForATransactionThatHasTheRow() throws SQLException {
    // given
    try (Connection transaction = source.getConnection();
        SteppedCheck check = new SteppedCheck(database, source, table, ID)) {
      transaction.setAutoCommit(false);
      check.step(false); // finds nothing
      insert(transaction);
      check.step(true); // the tombstone waits

      // when
      transaction.commit();

      // then
      assertThat(check.finish()).isEqualTo(TransactionOutcome.COMMIT);
    }
  }

  @Test
  void shouldNotKnowWhileATransactionHasTheRow() throws SQLException {
    // given
    try (Connection transaction = source.getConnection();
        SteppedCheck check = new SteppedCheck(database, source, impatient, ID)) {
      transaction.setAutoCommit(false);
      insert(transaction);

      // when
      TransactionOutcome answer = check.finish();

      // then
      assertThat(answer).isEqualTo(TransactionOutcome.UNKNOWN);
      transaction.commit();
      assertThat(new OutcomeCheck(source, table).find(ID, true))
          .isEqualTo(TransactionOutcome.COMMIT);
    }
  }

  @Test
  void shouldRefuseTheRowToATransactionThatComesLate() throws SQLException {
    // given
    TransactionOutcome answer = new OutcomeCheck(source, table).find(ID, true);

    // when
    try (Connection transaction = source.getConnection()) {
      transaction.setAutoCommit(false);
      boolean taken = insert(transaction);
      transaction.rollback();

      // then
      assertThat(answer).isEqualTo(TransactionOutcome.ROLLBACK);
      assertThat(taken).isFalse();
    }
  }

  @Test
  void shouldNotBelieveWhatIsNotCommitted() throws SQLException {
    // given
    try (Connection transaction = source.getConnection()) {
      transaction.setAutoCommit(false);
      insert(transaction);
      DataSource careless = CarelessDatabase.readingUncommitted(source);

      // when, then
      assertThat(new OutcomeCheck(careless, impatient).find(ID, true))
          .isEqualTo(TransactionOutcome.UNKNOWN);
      transaction.rollback();
      assertThat(new OutcomeCheck(careless, table).find(ID, true))
          .isEqualTo(TransactionOutcome.ROLLBACK);
    }
  }

  @Test
  void shouldCleanByAge() throws SQLException {
    // given
    try (Connection connection = source.getConnection()) {
      String young = TransactionIds.startingAt(1_000) + "Y";
      table.insert(connection, ID, TransactionOutcome.ROLLBACK);
      table.insert(connection, young, TransactionOutcome.COMMIT);
      new OutcomeTable(tableName, "others", 1).insert(connection, ID, TransactionOutcome.COMMIT);

      // when
      int deleted = table.clean(connection, 1_000);

      // then
      assertThat(deleted).isEqualTo(1);
      assertThat(table.find(connection, young)).isEqualTo(TransactionOutcome.COMMIT);
      assertThat(rowsOf(tableName)).isEqualTo(2);
    }
  }

  @Test
  void shouldCreateTheTableAlsoWhenItIsThere() throws SQLException {
    // given
    try (Connection connection = source.getConnection()) {
      table.insert(connection, ID, TransactionOutcome.COMMIT);

      // when
      table.create(connection);

      // then
      assertThat(table.find(connection, ID)).isEqualTo(TransactionOutcome.COMMIT);
    }
  }

  private long rowsOf(String name) throws SQLException {
    return Database.number(source, "SELECT count(*) FROM " + name);
  }
}
