package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.client.Compression;
import io.escrowmq.client.InterruptedWaitException;
import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.OutcomeUnknownException;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.TransactionMessages;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.UnsupportedByServerException;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.client.tx.UnreliableDatabase.InCommit;
import io.escrowmq.remoting.code.RequestCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions with an outcome table in a real database, against brokers in memory. */
final class TableTransactionsTest {

  private static final Duration KEPT = Duration.ofDays(1);

  private final FakeCluster cluster = new FakeCluster();
  private final FakeBroker a = cluster.broker("a");
  private final FakeBroker b = cluster.broker("b");
  private final UnreliableDatabase database = new UnreliableDatabase(Database.H2.open());
  private final String table = Database.freshTable();
  private final String business = Database.freshTable();
  private TableTransactions transactions;

  @BeforeEach
  void start() throws SQLException {
    Database.execute(database, "CREATE TABLE " + business + " (n INT)");
    cluster.topic("t", a);
    cluster.topic("u", a, b);
    cluster.topic("far", b);
    transactions = started("group", true);
  }

  @AfterEach
  void stop() {
    transactions.close();
  }

  private TableTransactions started(String group, boolean createTable) {
    TableSettings settings = new TableSettings(
        group,
        table,
        createTable,
        KEPT,
        Duration.ofSeconds(1),
        false,
        Duration.ofSeconds(3),
        Duration.ofSeconds(60),
        new BodyCompression(Compression.ZLIB, 500),
        1);
    TableTransactions made =
        new TableTransactions(cluster.partsOfAnotherClient(), settings, database, closed -> {});
    made.start();
    return made;
  }

  private void doBusiness(Connection connection, TransactionMessages messages, String... topics)
      throws SQLException {
    Database.execute(connection, "INSERT INTO " + business + " VALUES (1)");
    for (String topic : topics) {
      messages.send(Message.to(topic).body("to " + topic));
    }
  }

  @Test
  void shouldShowMessagesWhenTheDatabaseHasCommitted() throws SQLException {
    // when
    String id = transactions.callInTransaction((connection, messages) -> {
      doBusiness(connection, messages, "t", "u");
      assertThat(a.inEscrow()).containsExactly("to t", "to u");
      return messages.transactionId();
    });

    // then
    assertThat(a.visible()).containsExactly("to t", "to u");
    assertThat(cluster.count(RequestCode.DECIDE_TRANSACTION))
        .as("and a look before")
        .isEqualTo(2);
    assertThat(businessRows()).isEqualTo(1);
    assertThat(new OutcomeTable(table, "group", 1).find(database.getConnection(), id))
        .isEqualTo(TransactionOutcome.COMMIT);
  }

  @Test
  void shouldCompressBodies() throws SQLException {
    // given
    String body = "the same again and again, ".repeat(100);

    // when
    transactions.inTransaction(
        (connection, messages) -> messages.send(Message.to("t").body(body)));

    // then
    assertThat(a.receivedBytes()).isLessThan(body.length() / 10);
    assertThat(a.visible()).containsExactly(body);
  }

  @Test
  void shouldHaveTheRowBeforeTheFirstMessageLeaves() throws SQLException {
    // given
    OutcomeCheck others = new OutcomeCheck(database, new OutcomeTable(table, "group", 1));
    AtomicReference<String> id = new AtomicReference<>();
    List<TransactionOutcome> found = new ArrayList<>();
    cluster.fates((address, code) -> {
      if (code == RequestCode.SEND_MESSAGE_V2) {
        found.add(others.find(id.get(), true));
      }
      return Fate.ANSWERED;
    });

    // when
    transactions.inTransaction((connection, messages) -> {
      id.set(messages.transactionId());
      doBusiness(connection, messages, "t");
    });

    // then
    assertThat(found)
        .as("without the row, the tombstone would win")
        .containsExactly(TransactionOutcome.UNKNOWN);
  }

  @Test
  void shouldProveItsCommitWithoutMessagesToo() throws SQLException {
    // when
    transactions.inTransaction((connection, messages) -> doBusiness(connection, messages));

    // then
    assertThat(businessRows()).isEqualTo(1);
    assertThat(Database.number(database, "SELECT count(*) FROM " + table)).isEqualTo(1);
  }

  @Test
  void shouldDecideOnEachBrokerWhenNoneServesAllTopics() throws SQLException {
    // when
    transactions.inTransaction(
        (connection, messages) -> doBusiness(connection, messages, "t", "far", "u"));

    // then
    assertThat(a.visible()).contains("to t");
    assertThat(b.visible()).contains("to far");
    assertThat(a.visible().size() + b.visible().size()).isEqualTo(3);
    assertThat(a.inEscrow()).isEmpty();
    assertThat(b.inEscrow()).isEmpty();
  }

  @Test
  void shouldPreferTheBrokerThatServesAllTopics() throws SQLException {
    // given
    transactions.inTransaction((connection, messages) ->
        doBusiness(connection, messages, "u", "far")); // now it is known what goes together
    int before = b.visible().size();

    // when
    for (int i = 0; i < 4; i++) {
      transactions.inTransaction(
          (connection, messages) -> doBusiness(connection, messages, "u", "far"));
    }

    // then
    assertThat(b.visible()).hasSize(before + 8);
  }

  @Test
  void shouldRollBackBothWhenTheWorkFails() throws SQLException {
    // given
    IllegalStateException failure = new IllegalStateException("out of stock");

    // when
    assertThatThrownBy(() -> transactions.inTransaction((connection, messages) -> {
          doBusiness(connection, messages, "t");
          throw failure;
        }))
        // then
        .isSameAs(failure);
    assertNothingHappened();
  }

  @Test
  void shouldRollBackBothWhenAMessageIsNotTaken() throws SQLException {
    // given
    cluster.fates((address, code) -> code == RequestCode.SEND_MESSAGE_V2
            && a.inEscrow().size() + b.inEscrow().size() >= 1
        ? Fate.ANSWER_LOST
        : Fate.ANSWERED);

    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> transactions.inTransaction(
            (connection, messages) -> doBusiness(connection, messages, "t", "t")))
        // then
        .withCauseInstanceOf(SendTimeoutException.class);
    assertNothingHappened();
  }

  @Test
  void shouldRollBackBothWhenAMessageCannotBeSentAtAll() throws SQLException {
    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> transactions.inTransaction((connection, messages) -> {
          doBusiness(connection, messages, "t");
          messages.send(Message.to("t").property("p", "x".repeat(40_000)).body("m"));
        }))
        // then
        .withCauseInstanceOf(MessageRefusedException.class);
    assertNothingHappened();
  }

  @Test
  void shouldRollBackWhenTheIdIsInTheTableAlready() throws SQLException {
    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> transactions.inTransaction((connection, messages) -> {
          new OutcomeCheck(database, new OutcomeTable(table, "group", 1))
              .find(messages.transactionId(), true);
          try {
            doBusiness(connection, messages, "t");
          } catch (TransactionRolledBackException e) {
            // who goes on all the same gets no further
          }
        }));

    // then
    assertNothingHappened();
    assertThat(a.halves()).isEmpty();
  }

  @Test
  void shouldTellABrokerAgainThatDoesNotAnswer() throws SQLException {
    // given
    cluster.fates((address, code) ->
        a.halves().isEmpty() || code != RequestCode.DECIDE_TRANSACTION ? Fate.ANSWERED : Fate.BUSY);

    // when
    transactions.inTransaction((connection, messages) -> doBusiness(connection, messages, "t"));
    cluster.timer().advance(Duration.ofSeconds(10));
    List<String> inEscrow = a.inEscrow();
    cluster.fates((address, code) -> Fate.ANSWERED);
    cluster.timer().advance(Duration.ofSeconds(2));

    // then
    assertThat(inEscrow).containsExactly("to t");
    assertThat(a.visible()).containsExactly("to t");
  }

  @Test
  void shouldBeAskedByABrokerThatCouldNotBeTold() throws SQLException {
    // given
    cluster.fates(
        (address, code) -> code == RequestCode.DECIDE_TRANSACTION ? Fate.NOT_SENT : Fate.ANSWERED);
    transactions.inTransaction(
        (connection, messages) -> doBusiness(connection, messages, "t", "far"));
    cluster.timer().advance(Duration.ofMinutes(2));
    cluster.fates((address, code) -> Fate.ANSWERED);
    long told = cluster.count(RequestCode.DECIDE_TRANSACTION);

    // when
    cluster.timer().advance(Duration.ofMinutes(2));
    assertThat(cluster.count(RequestCode.DECIDE_TRANSACTION)).as("given up").isEqualTo(told);
    check(a);
    check(b);

    // then
    assertThat(a.visible()).containsExactly("to t");
    assertThat(b.visible()).containsExactly("to far");
  }

  @Test
  void shouldAnswerForTransactionsOfProcessesThatDied() throws SQLException {
    // given: it died before the commit
    cluster.fates(
        (address, code) -> code == RequestCode.DECIDE_TRANSACTION ? Fate.NOT_SENT : Fate.ANSWERED);
    assertThatThrownBy(() -> transactions.inTransaction((connection, messages) -> {
      doBusiness(connection, messages, "t");
      throw new IllegalStateException("killed");
    }));
    cluster.timer().advance(Duration.ofMinutes(2));
    transactions.close();
    cluster.fates((address, code) -> Fate.ANSWERED);
    assertThat(a.inEscrow()).containsExactly("to t");

    // when
    transactions = started("group", false);
    check(a);

    // then
    assertNothingHappened();
    assertThat(Database.number(database, "SELECT count(*) FROM " + table + " WHERE outcome = 'R'"))
        .isEqualTo(1);
  }

  @Test
  void shouldNotAskTheDatabaseAboutWhatStillRunsHere() throws SQLException {
    // when
    transactions.inTransaction((connection, messages) -> {
      doBusiness(connection, messages, "t");
      int before = database.connections();
      check(a);
      assertThat(database.connections()).isEqualTo(before);
      assertThat(a.inEscrow()).containsExactly("to t");
    });

    // then
    assertThat(a.visible()).containsExactly("to t");
  }

  @Test
  void shouldGoOnWhenOnlyTheAnswerToTheCommitWasLost() throws SQLException {
    // given
    database.breakIn(InCommit.AFTER);

    // when
    transactions.inTransaction((connection, messages) -> doBusiness(connection, messages, "t"));

    // then
    assertThat(businessRows()).isEqualTo(1);
    assertThat(a.visible()).containsExactly("to t");
  }

  @Test
  void shouldSayThatItIsRolledBackWhenTheCommitDidNotHappen() throws SQLException {
    // given
    database.breakIn(InCommit.BEFORE);

    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> transactions.inTransaction(
            (connection, messages) -> doBusiness(connection, messages, "t")))
        // then
        .withCauseInstanceOf(SQLException.class);
    assertNothingHappened();
  }

  @Test
  void shouldSayThatItDoesNotKnowWhenTheDatabaseCannotBeAsked() throws SQLException {
    // given
    database.breakIn(InCommit.AFTER_AND_STAY_AWAY);

    // when
    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> {
      try (FinishedByTime byTime = new FinishedByTime(cluster.timer())) {
        byTime.run(() ->
            transactions.<String, RuntimeException>callInTransaction((connection, messages) -> {
              messages.send(Message.to("t").body("to t"));
              return messages.transactionId();
            }));
      }
    });
    check(a);
    List<String> whileAway = a.inEscrow();
    database.comeBack();
    check(a);

    // then
    assertThat(whileAway).containsExactly("to t");
    assertThat(a.visible()).containsExactly("to t");
  }

  @Test
  void shouldTellNothingThatItDoesNotKnowWhenItIsInterrupted() throws SQLException {
    // given
    database.breakIn(InCommit.AFTER_AND_INTERRUPT);

    // when
    assertThatExceptionOfType(InterruptedWaitException.class)
        .isThrownBy(() -> transactions.inTransaction(
            (connection, messages) -> doBusiness(connection, messages, "t")));
    boolean interrupted = Thread.interrupted();
    List<String> untold = a.inEscrow();
    database.comeBack();
    check(a);

    // then
    assertThat(interrupted).isTrue();
    assertThat(untold).containsExactly("to t");
    assertThat(a.visible()).containsExactly("to t");
  }

  @Test
  void shouldNotRollBackWhatMayBeDeletedFromTheTable() throws SQLException {
    // given
    cluster.fates(
        (address, code) -> code == RequestCode.DECIDE_TRANSACTION ? Fate.NOT_SENT : Fate.ANSWERED);
    transactions.inTransaction((connection, messages) -> doBusiness(connection, messages, "t"));
    cluster.timer().advance(KEPT.plusHours(2));
    await().until(() -> Database.number(database, "SELECT count(*) FROM " + table) == 0);
    cluster.fates((address, code) -> Fate.ANSWERED);

    // when
    check(a);

    // then
    assertThat(a.inEscrow()).containsExactly("to t");
    assertThat(Database.number(database, "SELECT count(*) FROM " + table)).isZero();
  }

  @Test
  void shouldRefuseBrokersThatDoNotKnowTransactionsByName() throws SQLException {
    // given
    a.forgetNames();

    // when
    assertThatExceptionOfType(TransactionRolledBackException.class)
        .isThrownBy(() -> transactions.inTransaction(
            (connection, messages) -> doBusiness(connection, messages, "t")))
        // then
        .withCauseInstanceOf(UnsupportedByServerException.class);
    check(a);
    assertNothingHappened();
  }

  @Test
  void shouldKeepItsConnectionFromBeingEnded() throws SQLException {
    // when
    transactions.inTransaction((connection, messages) -> {
      doBusiness(connection, messages, "t");
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
      assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> connection.setAutoCommit(true)).isInstanceOf(SQLException.class);
      connection.close();
      assertThat(a.inEscrow()).containsExactly("to t");
    });

    // then
    assertThat(a.visible()).containsExactly("to t");
    assertThat(businessRows()).isEqualTo(1);
  }

  @Test
  void shouldSendManyMessagesInOneTransaction() throws SQLException {
    // when
    transactions.inTransaction((connection, messages) ->
        IntStream.range(0, 100).forEach(i -> messages.send(Message.to("t").body("m" + i))));

    // then
    assertThat(a.visible())
        .containsExactlyElementsOf(
            IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
  }

  @Test
  void shouldDemandATable() {
    // given
    TableSettings settings = new TableSettings(
        "other",
        "nowhere",
        false,
        KEPT,
        Duration.ofSeconds(1),
        false,
        KEPT,
        KEPT,
        BodyCompression.NONE,
        1);
    TableTransactions made =
        new TableTransactions(cluster.partsOfAnotherClient(), settings, database, closed -> {});

    // when, then
    assertThatThrownBy(made::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nowhere");
  }

  /** Has the broker ask about what it does not know, and waits for the answers. */
  private void check(FakeBroker broker) {
    broker.check(new Checks(
        "group", transactions, new Reports(cluster, Duration.ofSeconds(3)), Runnable::run));
  }

  private void assertNothingHappened() throws SQLException {
    assertThat(businessRows()).isZero();
    assertThat(a.visible()).isEmpty();
    assertThat(b.visible()).isEmpty();
    assertThat(a.inEscrow()).isEmpty();
    assertThat(b.inEscrow()).isEmpty();
  }

  private long businessRows() throws SQLException {
    return Database.number(database, "SELECT count(*) FROM " + business);
  }
}
