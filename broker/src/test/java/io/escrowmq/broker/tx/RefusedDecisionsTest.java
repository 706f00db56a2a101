package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.store.RecordKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** docs/half-message.md 3.7: a decision that cannot be carried out now changes nothing. */
class RefusedDecisionsTest {

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** Its half-message waits in the batch that the report is in: it can be read only afterwards. */
  @Test
  void shouldRefuseACommitInTheBatchThatItsHalfMessageIsIn() {
    // given
    FakeConnection producer = new FakeConnection(50_000);
    transactions.offerHalf(producer, TOPIC, 1, "body", "ESCROW_TX", "order-17");
    WireHeader header =
        new DecideTransactionHeader(GROUP, "order-17", TRANSACTION_COMMIT, 1, false, -1);

    // when
    FakeCall together = transactions.ask(RequestCode.DECIDE_TRANSACTION, header);
    int visible = transactions.visible(TOPIC, 1).size();
    long open = transactions.metric("escrowmq_transactions_open");
    FakeCall afterwards = transactions.ask(RequestCode.DECIDE_TRANSACTION, header);

    // then
    assertThat(together.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);
    assertThat(together.reply().remark()).contains("just being written; try again");
    assertThat(visible).isZero();
    assertThat(open).isOne();
    assertThat(transactions.metric("escrowmq_decisions_refused_total")).isOne();
    assertThat(afterwards.replyFields())
        .containsEntry("verdict", "COMMIT")
        .containsEntry("again", "false");
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
  }

  /** A roll back needs nothing of the message. */
  @Test
  void shouldRollBackInTheBatchThatItsHalfMessageIsIn() {
    // given
    FakeConnection producer = new FakeConnection(50_000);
    transactions.offerHalf(producer, TOPIC, 1, "body", "ESCROW_TX", "order-17");

    // when
    FakeCall together = transactions.ask(
        RequestCode.DECIDE_TRANSACTION,
        new DecideTransactionHeader(GROUP, "order-17", TRANSACTION_ROLLBACK, 1, false, -1));

    // then
    assertThat(together.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
  }

  /** What was in memory is thrown away with the broker: only the log knows what was decided. */
  @Test
  void shouldConfirmNoDecisionThatCouldNotBeWritten() {
    // given
    long id = transactions.half("body");
    transactions.broker.files.failWrite(1);

    // when
    FakeCall commit = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall again = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(again.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
    assertThat(transactions.metric("rocketmq_commit_messages_total")).isZero();
  }

  @Test
  void shouldKeepATransactionOpenWhoseTopicWasDeleted() {
    // given
    long id = transactions.half("body");
    deleteTheTopic();

    // when
    FakeCall commit = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(id, TRANSACTION_ROLLBACK);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(rollback.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldKeepATransactionOpenWithADelayWhoseTopicWasDeleted() {
    // given
    long id = transactions.half("body", "DELAY", "3");
    deleteTheTopic();

    // when
    FakeCall commit = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
  }

  /** Nobody hears what is answered to a one-way report. */
  @Test
  void shouldCountACommitThatCannotBeCarriedOutAndKeepTheTransactionOpen() {
    // given
    long id = transactions.half("body");
    deleteTheTopic();

    // when
    FakeCall commit = transactions.endOneWay(id, TRANSACTION_COMMIT);

    // then
    assertThat(commit.isAnswered()).isFalse();
    assertThat(transactions.metric("escrowmq_decisions_refused_total")).isEqualTo(1);
    assertThat(transactions.metric("rocketmq_commit_messages_total")).isZero();
    assertThat(transactions.metric("escrowmq_transactions_open")).isEqualTo(1);
  }

  private void deleteTheTopic() {
    transactions.broker.rule(recorder -> recorder.record(
        RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), TOPIC)));
  }
}
