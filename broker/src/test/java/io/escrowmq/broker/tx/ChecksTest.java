package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_NONE;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.SysFlags;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a producer is asked, and what follows; the numbers are clauses of docs/half-message.md. */
class ChecksTest {

  private TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** 4.7. */
  @Test
  void shouldSendTheHalfMessageAsItWasWithTheNumberOfTheCheck() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions
        .sendHalf(sender, TOPIC, 3, "body", "UNIQ_KEY", "U1", "KEYS", "k")
        .sentPosition();

    // when
    transactions.advance(16_000);

    // then
    assertThat(sender.notified()).hasSize(2);
    Request second = sender.notified().get(1);
    assertThat(second.code()).isEqualTo(RequestCode.CHECK_TRANSACTION_STATE);
    Map<String, String> fields = FakeCall.textOf(second.header());
    assertThat(fields)
        .containsEntry("commitLogOffset", Long.toString(id))
        .containsEntry("msgId", "U1")
        .containsEntry("transactionId", "U1")
        .containsEntry("topic", TOPIC);
    assertThat(MessageId.parse(fields.get("offsetMsgId")).position()).isEqualTo(id);
    MessageView message = TestTransactions.message(second);
    assertThat(message.topic()).isEqualTo(TOPIC);
    assertThat(message.queueId()).isEqualTo(3);
    assertThat(message.position()).isEqualTo(id);
    assertThat(SysFlags.transaction(message.sysFlag())).isEqualTo(TRANSACTION_NONE);
    assertThat(message.property("TRANSACTION_CHECK_TIMES")).isEqualTo("2");
    assertThat(message.property("PGROUP")).isEqualTo(GROUP);
    assertThat(message.property("KEYS")).isEqualTo("k");
    assertThat(message.isBodyIntact()).isTrue();
  }

  @Test
  void shouldAskNobodyAboutWhatIsDecided() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();
    transactions.end(id, TRANSACTION_ROLLBACK);

    // when
    transactions.advance(3_600_000);

    // then
    assertThat(sender.notified()).isEmpty();
  }

  @Test
  void shouldWaitForTheTimeThatTheMessageNames() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body", "CHECK_IMMUNITY_TIME_IN_SECONDS", "60");
    transactions.sendHalf(sender, TOPIC, 1, "odd", "CHECK_IMMUNITY_TIME_IN_SECONDS", "soon");
    transactions.sendHalf(sender, TOPIC, 1, "none", "CHECK_IMMUNITY_TIME_IN_SECONDS", "0");

    // when
    transactions.advance(5_999);
    int early = sender.notified().size();
    transactions.advance(54_000);
    List<String> before = TestTransactions.bodies(sender);
    transactions.advance(1);

    // then
    assertThat(early).isZero();
    assertThat(before).containsOnly("odd", "none");
    assertThat(TestTransactions.bodies(sender)).contains("body");
  }

  /** 4.4. */
  @Test
  void shouldAskAtOnceWhenAProducerComesBack() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    sender.close();
    transactions.advance(300_000);
    long unanswerable = transactions.metric("escrowmq_checks_unanswerable_total");

    // when
    FakeConnection back = transactions.producer(GROUP, "new@1", 2);
    transactions.advance(100);

    // then
    assertThat(unanswerable).isEqualTo(1);
    assertThat(TestTransactions.bodies(back)).containsExactly("body");
    assertThat(TestTransactions.message(back.notified().get(0)).property("TRANSACTION_CHECK_TIMES"))
        .isEqualTo("1");
  }

  /** 4.4, 4.6: who sends a half-message is a producer, before it says so. */
  @Test
  void shouldAskAtOnceWhenAProducerComesBackThatHasNotSaidYetWhoItIs() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    sender.close();
    transactions.advance(300_000);

    // when
    FakeConnection silent = new FakeConnection(2);
    transactions.sendHalf(silent, TOPIC, 1, "its own");
    transactions.advance(100);

    // then
    assertThat(TestTransactions.bodies(silent)).containsExactly("body");
  }

  /** 4.3: what is asked is recorded before. */
  @Test
  void shouldAskNobodyWhenTheCheckCouldNotBeRecorded() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    transactions.broker.files.failWrite(1);

    // when
    transactions.advance(6_000);

    // then
    assertThat(transactions.broker.loop.stopped()).isNotNull();
    assertThat(sender.notified()).isEmpty();
  }

  @Test
  void shouldCountWhatAskedProducersAnswer() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();
    transactions.advance(6_000);

    // when
    transactions.end(id, TRANSACTION_NONE, GROUP, true);
    transactions.advance(10_000);
    FakeCall answered = transactions.end(id, TRANSACTION_COMMIT, GROUP, true);

    // then
    assertThat(answered.replyFields()).containsEntry("decidedBy", "CHECK");
    assertThat(transactions.metric("escrowmq_checks_sent_total")).isEqualTo(2);
    assertThat(transactions.metric("escrowmq_checks_answered_total")).isEqualTo(2);
    assertThat(transactions.metric("rocketmq_commit_messages_total")).isEqualTo(1);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
  }

  @Test
  void shouldCountAnAnswerThatNamesTheTransaction() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body", "ESCROW_TX", "order-17");
    transactions.advance(6_000);

    // when
    transactions.ask(
        RequestCode.DECIDE_TRANSACTION,
        new DecideTransactionHeader(GROUP, "order-17", TRANSACTION_COMMIT, 1, true, -1));

    // then
    assertThat(transactions.metric("escrowmq_checks_answered_total")).isOne();
  }

  /** 4.5. */
  @Test
  void shouldKeepAndListWhatNobodyDecided() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();

    // when
    transactions.advance(24 * 3_600_000);

    // then
    assertThat(sender.notified()).hasSize(15);
    assertThat(transactions.metric("escrowmq_transactions_suspended")).isEqualTo(1);
    assertThat(transactions.end(id, TRANSACTION_COMMIT).replyCode())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
  }

  @Test
  void shouldRollBackWhatNobodyDecidedWhenTheSettingsSaySo() {
    // given
    transactions.close();
    transactions = new TestTransactions(ExhaustionPolicy.DISCARD);
    transactions.broker.createTopic("TRANS_CHECK_MAX_TIME_TOPIC", 1);
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();

    // when
    transactions.advance(24 * 3_600_000);
    FakeCall late = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(late.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(late.replyFields()).containsEntry("decidedBy", "EXHAUSTION");
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
    assertThat(transactions.visible("TRANS_CHECK_MAX_TIME_TOPIC", 0)).isEmpty();
  }

  @Test
  void shouldMoveWhatNobodyDecidedToTheSystemTopicWhenTheSettingsSaySo() {
    // given
    transactions.close();
    transactions = new TestTransactions(ExhaustionPolicy.SYSTEM_TOPIC);
    transactions.broker.createTopic("TRANS_CHECK_MAX_TIME_TOPIC", 1);
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body", "KEYS", "k");

    // when
    transactions.advance(24 * 3_600_000);

    // then
    List<MessageView> moved = transactions.visible("TRANS_CHECK_MAX_TIME_TOPIC", 0);
    assertThat(moved).hasSize(1);
    assertThat(HalfMessagesTest.text(moved.get(0))).isEqualTo("body");
    assertThat(moved.get(0).property("REAL_TOPIC")).isEqualTo(TOPIC);
    assertThat(moved.get(0).property("REAL_QID")).isEqualTo("1");
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
  }
}
