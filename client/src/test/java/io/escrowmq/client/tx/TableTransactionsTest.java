package io.escrowmq.client.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.Message;
import io.escrowmq.client.MessageRefusedException;
import io.escrowmq.client.SendTimeoutException;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionRolledBackException;
import io.escrowmq.client.UnsupportedByServerException;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.remoting.code.RequestCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Transactions with an outcome table in a real database, against brokers in memory. */
final class TableTransactionsTest extends TableBed {

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
}
