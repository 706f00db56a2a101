package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.client.InterruptedWaitException;
import io.escrowmq.client.Message;
import io.escrowmq.client.OutcomeUnknownException;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.client.tx.UnreliableDatabase.InCommit;
import io.escrowmq.remoting.code.RequestCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What brokers are told of an outcome, and what the caller, when not everybody answers. */
final class TableOutcomesTest extends TableBed {

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
}
