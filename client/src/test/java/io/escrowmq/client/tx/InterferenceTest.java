package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionMessages;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.TransactionSplitException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to a transaction, at whatever point: when all has settled, rows and messages agree,
 * and the caller was told the truth.
 */
@ParameterizedClass
@EnumSource(Database.class)
@Timeout(120) // should a transaction wait for time, which stands still here
final class InterferenceTest {

  private static final int POINTS = 5; // around: insert 1, send 1, insert 2, send 2

  private final Database database;
  private final MeddledDatabase pool;
  private final TransactionBed bed;
  private final String auxiliary = Database.freshTable();
  private int first = -1; // of the two rows of a transaction; the message about a row is its number

  InterferenceTest(Database database) throws SQLException {
    this.database = database;
    this.pool = new MeddledDatabase(database.open());
    this.bed = new TransactionBed(database.open(), pool.source(), true);
    Database.execute(database.open(), "CREATE TABLE " + auxiliary + " (a INT PRIMARY KEY, b INT)");
    Database.execute(database.open(), "INSERT INTO " + auxiliary + " VALUES (1, 0), (2, 0)");
  }

  @AfterEach
  void close() {
    bed.close();
  }

  /**
   * One transaction.
   *
   * @param point before which of the steps it is interfered with; after the last
   * @param fails whether the work ends with an exception
   * @param halts whether the process halts when the transaction has ended in the database
   */
  record Plan(
      Interference interference,
      int point,
      MeddledDatabase.Commit commit,
      boolean fails,
      boolean halts) {}

  @ParameterizedTest
  @EnumSource
  void shouldKeepRowsAndMessagesTogetherAndTellTheTruth(Interference interference)
      throws SQLException {
    for (int point = 0; point < POINTS; point++) {
      for (boolean fails : List.of(false, true)) {
        for (boolean halts : List.of(false, true)) {
          check(new Plan(interference, point, MeddledDatabase.Commit.HONEST, fails, halts));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotBelieveACommit(MeddledDatabase.Commit commit) throws SQLException {
    for (Interference interference : List.of(
        Interference.NOTHING,
        Interference.SAVEPOINT_AROUND_A_FAILURE,
        Interference.COMMIT_AMONG_OTHER_SQL)) {
      for (boolean halts : List.of(false, true)) {
        check(new Plan(interference, 2, commit, false, halts));
      }
    }
  }

  @Test
  void shouldCopeWithAPoolThatLeavesTransactionsOpen() throws SQLException {
    pool.leaveTransactionsOpen();
    check(new Plan(Interference.NOTHING, 0, MeddledDatabase.Commit.HONEST, false, true));
    check(new Plan(Interference.NOTHING, 0, MeddledDatabase.Commit.HONEST, true, true));
  }

  private void check(Plan plan) throws SQLException {
    // given
    first += 2;
    if (plan.halts()) {
      bed.haltAfterCommit();
    }

    // when
    Exception told = run(plan);

    // then
    bed.settle();
    Set<Integer> rows = ours(bed.rows());
    Set<Integer> visible = ours(bed.visible());
    boolean split = told instanceof TransactionSplitException
        || (told != null
            && Stream.of(told.getSuppressed())
                .anyMatch(TransactionSplitException.class::isInstance));
    if (told == null) {
      assertThat(rows).as("%s returned", plan).containsExactly(first, first + 1);
      assertThat(visible).as("%s returned", plan).isEqualTo(rows);
    } else if (split) {
      assertThat(plan.interference().commits())
          .as("%s is split: %s", plan, told)
          .isTrue();
      assertThat(rows).as("%s: what was committed", plan).isEqualTo(committed(plan, 0));
      assertThat(visible).as("%s: what was sent until then", plan).isEqualTo(committed(plan, 1));
    } else {
      assertThat(rows).as("%s told %s", plan, told).isEmpty();
      assertThat(visible).as("%s told %s", plan, told).isEmpty();
      assertThat(told)
          .as("%s", plan)
          .satisfiesAnyOf(
              failure -> assertThat(failure).isInstanceOf(TransactionRolledBackException.class),
              failure -> assertThat(failure).as("the work's own").isInstanceOf(SQLException.class));
    }
  }

  /**
   * The numbers whose step came before the early commit: inserts are steps 0 and 2, sends 1 and 3. If
   * only the insert came before, its message is missing: the client notices the commit at the end.
   */
  private Set<Integer> committed(Plan plan, int firstStep) {
    int steps = plan.interference().commitsWhatFollows() ? POINTS : plan.point();
    Set<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < 2; i++) {
      if (firstStep + 2 * i < steps) {
        numbers.add(first + i);
      }
    }
    return numbers;
  }

  private Set<Integer> ours(Set<Integer> all) {
    return all.stream()
        .filter(n -> n == first || n == first + 1)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Exception run(Plan plan) {
    pool.commits(plan.commit());
    try {
      bed.transactions().<SQLException>inTransaction((connection, messages) -> {
        if (plan.interference().isSerializable()) {
          connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        }
        for (int step = 0; step < POINTS; step++) {
          if (step == plan.point()) {
            plan.interference().act(new OwnScene(connection, messages));
          }
          switch (step) {
            case 0 -> bed.insert(connection, first);
            case 1 -> messages.send(Message.to("t").body("" + first));
            case 2 -> bed.insert(connection, first + 1);
            case 3 -> messages.send(Message.to("t").body("" + (first + 1)));
            default -> {}
          }
        }
        if (plan.fails()) {
          throw new SQLException("the work fails");
        }
      });
      return null;
    } catch (SQLException | RuntimeException e) {
      return e;
    }
  }

  private final class OwnScene implements Interference.Scene {

    private final Connection connection;
    private final TransactionMessages messages;

    OwnScene(Connection connection, TransactionMessages messages) {
      this.connection = connection;
      this.messages = messages;
    }

    @Override
    public Database database() {
      return database;
    }

    @Override
    public Connection connection() {
      return connection;
    }

    @Override
    public MeddledDatabase pool() {
      return pool;
    }

    @Override
    public String auxiliary() {
      return auxiliary;
    }

    @Override
    public void send(int n) {
      messages.send(Message.to("t").body("" + n));
    }
  }
}
