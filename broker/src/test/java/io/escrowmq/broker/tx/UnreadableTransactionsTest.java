package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.TransactionIdHeader;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.tx.Effect;
import io.escrowmq.tx.EscrowFigures;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The log cannot be read for a while: nobody is told anything for good, and nothing is used up. */
class UnreadableTransactionsTest {

  private static final Path FIRST_SEGMENT = Path.of("/data/log/00000000000000000000.log");

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"IO", "FULL", "LOCKED"})
  void shouldRefuseACommitThatCannotBeReadNowAndTakeItLater(Reason reason) {
    // given
    long id = transactions.half("body", "DELAY", "1"); // its commit has to read it
    nothingCanBeMapped(reason);

    // when
    FakeCall refused = transactions.end(id, TRANSACTION_COMMIT);
    allIsWell();
    FakeCall taken = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(refused.reply().remark()).contains("try again");
    assertThat(taken.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** Its segment was cut, or lost. */
  @Test
  void shouldRefuseTheCommitOfWhatIsGoneAndTakeItsRollBack() {
    // given
    long id = transactions.half("body", "DELAY", "1");
    transactions.half("another", "DELAY", "1");
    transactions.broker.files.cut(FIRST_SEGMENT, id + 50);

    // when
    FakeCall refused = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall rolledBack = transactions.end(id, TRANSACTION_ROLLBACK);

    // then
    assertThat(refused.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(rolledBack.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** What was decided long ago is read from the log. */
  @Test
  void shouldNotSayThatNoDecisionIsKnownWhileItCannotBeRead() {
    // given
    long id = transactions.half("body");
    transactions.end(id, TRANSACTION_COMMIT);
    for (int i = 0; i < 2_100; i++) { // so many decisions are remembered
      transactions.end(transactions.half("later"), TRANSACTION_ROLLBACK);
    }
    nothingCanBeMapped(Reason.IO);

    // when
    FakeCall report = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall shown = transactions.ask(RequestCode.SHOW_TRANSACTION, new TransactionIdHeader(id));
    allIsWell();
    FakeCall later = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(report.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(shown.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(later.replyFields())
        .containsEntry("verdict", "COMMIT")
        .containsEntry("again", "true");
  }

  @Test
  void shouldAskTheProducerLaterAboutWhatCannotBeReadNow() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    nothingCanBeMapped(Reason.IO);

    // when
    transactions.advance(6_000);
    int meanwhile = sender.notified().size();
    allIsWell();
    transactions.sendChecks();

    // then
    assertThat(meanwhile).isZero();
    assertThat(sender.notified()).hasSize(1);
  }

  @Test
  void shouldRestUntilTheNextLookAlsoWhenMoreQuestionsWaitThanATurnTakes() {
    // given
    FakeConnection producer = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.half("body");
    CheckSender checks = new CheckSender(
        transactions.broker.log,
        new Producers(transactions.clients),
        new TransactionMetrics(
            new MetricRegistry(), () -> EscrowFigures.NONE, transactions.broker.clock),
        TestLog.STORE_HOST,
        () -> {});
    nothingCanBeMapped(Reason.IO);
    checks.ask(Collections.nCopies(300, new Effect.Ask(id, id, GROUP, 1, 0)));

    // when
    int sent = checks.turn();
    boolean looksAgainAtOnce = checks.hasWork();
    allIsWell();
    while (checks.turn() > 0) {
      // each turn is bounded
    }

    // then
    assertThat(sent).isZero();
    assertThat(looksAgainAtOnce).isFalse();
    assertThat(producer.notified()).hasSize(300);
  }

  private void nothingCanBeMapped(Reason reason) {
    transactions.broker.files.fault((operation, file) -> {
      if (operation == Operation.MAP) {
        throw new StorageException(reason, "could not map " + file);
      }
    });
  }

  private void allIsWell() {
    transactions.broker.files.fault((operation, file) -> {});
  }
}
