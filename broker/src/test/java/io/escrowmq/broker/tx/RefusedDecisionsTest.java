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
import io.escrowmq.store.LogReader;
import io.escrowmq.store.RecordKind;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** As a delayed message does, it goes with the topic that it was sent to. */
  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void shouldCommitNothingIntoATopicThatWasMadeAgain(boolean delayed, boolean recordedAgain) {
    // given
    long id = delayed ? transactions.half("body", "DELAY", "3") : transactions.half("body");
    deleteTheTopic();
    transactions.broker.createTopic(TOPIC, 4);
    if (recordedAgain) {
      recordAgain(id);
    }

    // when
    FakeCall commit = transactions.end(id, TRANSACTION_COMMIT);
    long open = transactions.metric("escrowmq_transactions_open");
    FakeCall ordered = transactions.order(id, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(id, TRANSACTION_ROLLBACK);
    transactions.advance(20_000);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(commit.reply().remark())
        .contains("the topic orders was deleted after a half-message was sent to it", "roll back");
    assertThat(open).isOne();
    assertThat(ordered.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(rollback.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
  }

  private void recordAgain(long id) {
    transactions.broker.rule(recorder -> {
      try (LogReader reader = transactions.broker.log.newReaderOfTurn()) {
        HalvesInEscrow.recordAgain(recorder, id, Objects.requireNonNull(reader.read(id)));
      }
    });
  }

  /** Otherwise what belongs to the other topics could never be seen, though its change is committed. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCommitForAnOperatorWhatIsLeftOfATransaction(boolean madeAgain) {
    // given
    FakeConnection producer = new FakeConnection(50_000);
    transactions.broker.createTopic("bills", 4);
    long id = transactions
        .sendHalf(producer, TOPIC, 1, "gone", "ESCROW_TX", "order-17")
        .sentPosition();
    transactions.sendHalf(producer, "bills", 1, "left", "ESCROW_TX", "order-17");
    deleteTheTopic();
    if (madeAgain) {
      transactions.broker.createTopic(TOPIC, 4);
    }

    // when
    FakeCall commit = transactions.end(id, TRANSACTION_COMMIT);
    int before = transactions.visible("bills", 1).size();
    FakeCall ordered = transactions.order(id, TRANSACTION_COMMIT);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(before).isZero();
    assertThat(ordered.replyFields())
        .containsEntry("decidedBy", "OPERATOR")
        .containsEntry("leftOut", "1");
    assertThat(ordered.reply().remark()).contains("1 half-messages", "nowhere", "deleted");
    assertThat(transactions.metric("escrowmq_half_messages_left_out_total")).isOne();
    assertThat(transactions.metric("rocketmq_commit_messages_total")).isOne();
    assertThat(transactions.visible("bills", 1)).hasSize(1);
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
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
