package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_NONE;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.store.queue.KeyIndex;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Into escrow, and out of it; the numbers are clauses of docs/half-message.md. */
class HalfMessagesTest {

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** 1.6. */
  @Test
  void shouldTakeAHalfMessageOnceThatIsSentAgain() {
    // given
    long first = transactions.half("body", "UNIQ_KEY", "k1", "ESCROW_ONCE", "true");

    // when
    long again = transactions.half("body", "UNIQ_KEY", "k1", "ESCROW_ONCE", "true");
    transactions.end(first, TRANSACTION_COMMIT);
    long late = transactions.half("body", "UNIQ_KEY", "k1", "ESCROW_ONCE", "true");

    // then
    assertThat(again).isEqualTo(first);
    assertThat(late).isEqualTo(first);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
  }

  /** 1.1, 3.5. */
  @Test
  void shouldHideAHalfMessageUntilItsCommitIsRecorded() {
    // given
    long id = transactions.half("body", "TAGS", "t1", "KEYS", "k1 k2", "UNIQ_KEY", "U1");
    boolean hidden = transactions.visible(TOPIC, 1).isEmpty();
    transactions.broker.clock.advance(1234);
    long decision = transactions.broker.log.end();

    // when
    transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(hidden).isTrue();
    List<MessageView> visible = transactions.visible(TOPIC, 1);
    assertThat(visible).hasSize(1);
    MessageView message = visible.get(0);
    assertThat(text(message)).isEqualTo("body");
    assertThat(message.queueOffset()).isZero();
    assertThat(message.storeTimestamp()).isEqualTo(transactions.broker.clock.millis());
    assertThat(SysFlags.transaction(message.sysFlag())).isEqualTo(TRANSACTION_COMMIT);
    assertThat(message.preparedPosition()).isEqualTo(id);
    assertThat(message.property("TRAN_MSG")).isNull();
    assertThat(message.property("PGROUP")).isNull();
    for (String key : List.of("U1", "k1", "k2")) {
      assertThat(transactions.broker.keys.find(
              KeyIndex.hash(TOPIC, key), 0, Long.MAX_VALUE, Long.MAX_VALUE, 9))
          .as(key)
          .containsExactly(decision);
    }
  }

  /** 1.2: the body is written once. */
  @Test
  void shouldWriteLittleForTheDecision() {
    // given
    String body = "x".repeat(1024);
    long id = transactions.half(body, "UNIQ_KEY", "7F0000010000000000000000000000AB");
    long before = transactions.broker.log.end();

    // when
    transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(transactions.broker.log.end() - before).isLessThan(120);
  }

  @Test
  void shouldGiveQueueOffsetsInTheOrderOfDecisions() {
    // given
    long first = transactions.half("first");
    long second = transactions.half("second");
    transactions.broker.send(TOPIC, 1, "plain", "", 0);

    // when
    transactions.end(second, TRANSACTION_COMMIT);
    transactions.end(first, TRANSACTION_COMMIT);

    // then
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("plain", "second", "first");
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(MessageView::queueOffset)
        .containsExactly(0L, 1L, 2L);
  }

  @Test
  void shouldNeverShowWhatWasRolledBack() {
    // given
    long id = transactions.half("body");

    // when
    FakeCall rolledBack = transactions.end(id, TRANSACTION_ROLLBACK);
    FakeCall late = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(rolledBack.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(late.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
  }

  @Test
  void shouldAnswerNothingToAOneWayReportAndDoWhatItSays() {
    // given
    long id = transactions.half("body");
    FakeCall call = new FakeCall(RequestCode.END_TRANSACTION)
        .with("producerGroup", TestTransactions.GROUP)
        .with("tranStateTableOffset", 0)
        .with("commitLogOffset", id)
        .with("commitOrRollback", TRANSACTION_COMMIT)
        .with("msgId", "U")
        .asOneWay();

    // when
    transactions.dispatch(call);

    // then
    assertThat(call.isAnswered()).isFalse();
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
  }

  /** 3.2 to 3.4. */
  @Test
  void shouldSayWhatWasDecidedWhenAndByWhom() {
    // given
    long id = transactions.half("body");
    long millis = transactions.broker.clock.millis();
    transactions.end(id, TRANSACTION_COMMIT);
    transactions.broker.clock.advance(5_000);

    // when
    FakeCall again = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall contrary = transactions.end(id, TRANSACTION_ROLLBACK);
    FakeCall unknown = transactions.end(id, TRANSACTION_NONE);

    // then
    assertThat(again.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(again.replyFields())
        .containsEntry("verdict", "COMMIT")
        .containsEntry("decidedBy", "PRODUCER")
        .containsEntry("decidedMillis", Long.toString(millis))
        .containsEntry("again", "true");
    assertThat(contrary.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(contrary.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(contrary.reply().remark()).contains("committed", "by its producer", "that stands");
    assertThat(unknown.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
    assertThat(transactions.metric("escrowmq_decision_conflicts_total")).isEqualTo(1);
  }

  /** 3.2: also when several arrive in one batch. */
  @Test
  void shouldJudgeTheReportsOfOneBatchInTheirOrder() {
    // given
    long first = transactions.half("first");
    long second = transactions.half("second");
    FakeCall commit = transactions.offerEnd(first, TRANSACTION_COMMIT);
    FakeCall contrary = transactions.offerEnd(first, TRANSACTION_ROLLBACK);
    FakeCall same = transactions.offerEnd(first, TRANSACTION_COMMIT);
    FakeCall another = transactions.offerEnd(second, TRANSACTION_ROLLBACK);
    boolean isAnsweredBefore = commit.isAnswered();

    // when
    transactions.broker.settle();

    // then
    assertThat(isAnsweredBefore).isFalse();
    assertThat(commit.replyFields()).containsEntry("again", "false");
    assertThat(contrary.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(same.replyFields()).containsEntry("again", "true");
    assertThat(another.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("first");
  }

  @Test
  void shouldRefuseAReportOfAnotherGroupOrAboutNothing() {
    // given
    long id = transactions.half("body");

    // when
    FakeCall foreign = transactions.end(id, TRANSACTION_COMMIT, "others", false);
    FakeCall madeUp = transactions.end(id + 8, TRANSACTION_COMMIT);
    FakeCall nonsense = transactions.end(id, 5);

    // then
    assertThat(foreign.reply().remark()).contains("belongs to the producer group orders-service");
    assertThat(madeUp.replyCode()).isEqualTo(ResponseCode.TRANSACTION_NOT_OPEN);
    assertThat(nonsense.reply().remark()).contains("commitOrRollback is 5");
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
  }

  /** 2.3. */
  @Test
  void shouldDecideABatchAtOnce() {
    // given
    FakeCall sent = transactions.sendBatch(batch("one", "two", "three"));
    long id = sent.sentPosition();
    int before = transactions.visible(TOPIC, 1).size();

    // when
    transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(before).isZero();
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("one", "two", "three");
  }

  /** 5.1 to 5.3. */
  @Test
  void shouldShowAllMessagesOfANamedTransactionInOneStepOrNone() {
    // given
    transactions.broker.createTopic("stock", 1);
    FakeConnection producer = new FakeConnection(50_001);
    transactions.sendHalf(producer, TOPIC, 0, "order", "ESCROW_TX", "tx-1");
    transactions.sendHalf(producer, "stock", 0, "movement", "ESCROW_TX", "tx-1");

    // when
    FakeCall tooMany = decide("tx-1", TRANSACTION_COMMIT, 3);
    FakeCall committed = decide("tx-1", TRANSACTION_COMMIT, 2);
    FakeCall again = decide("tx-1", TRANSACTION_COMMIT, 2);
    FakeCall contrary = decide("tx-1", TRANSACTION_ROLLBACK, 0);
    FakeCall late = transactions.sendHalf(producer, TOPIC, 0, "late", "ESCROW_TX", "tx-1");

    // then
    assertThat(tooMany.replyCode()).isEqualTo(ResponseCode.TRANSACTION_INCOMPLETE);
    assertThat(committed.replyFields())
        .containsEntry("verdict", "COMMIT")
        .containsEntry("again", "false");
    assertThat(again.replyFields()).containsEntry("again", "true");
    assertThat(contrary.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(late.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(transactions.visible(TOPIC, 0))
        .extracting(HalfMessagesTest::text)
        .containsExactly("order");
    assertThat(transactions.visible("stock", 0))
        .extracting(HalfMessagesTest::text)
        .containsExactly("movement");
  }

  /** half-message.md 3.4: the log knows what the memory has forgotten. */
  @Test
  void shouldKnowADecisionThatManyOthersHaveFollowed() {
    // given
    long first = transactions.half("first");
    transactions.end(first, TRANSACTION_COMMIT);
    for (int i = 0; i < 2_100; i++) {
      transactions.endOneWay(transactions.half("another"), TRANSACTION_COMMIT);
    }

    // when
    FakeCall equal = transactions.end(first, TRANSACTION_COMMIT);
    FakeCall unknown = transactions.end(first, TRANSACTION_NONE);
    FakeCall contrary = transactions.end(first, TRANSACTION_ROLLBACK);

    // then
    assertThat(transactions.broker.transactions.coordinator().decision(first)).isNull();
    assertThat(equal.replyFields()).containsEntry("again", "true");
    assertThat(unknown.replyFields()).containsEntry("again", "true");
    assertThat(contrary.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(transactions.metric("escrowmq_decision_conflicts_total")).isEqualTo(1);
  }

  @Test
  void shouldCountACommitThatWasReportedOneWay() {
    // given
    long id = transactions.half("body");

    // when
    FakeCall commit = transactions.endOneWay(id, TRANSACTION_COMMIT);

    // then
    assertThat(commit.isAnswered()).isFalse();
    assertThat(transactions.metric("rocketmq_commit_messages_total")).isEqualTo(1);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
  }

  @Test
  void shouldCountAContradictionThatWasReportedOneWay() {
    // given
    long id = transactions.half("body");
    transactions.endOneWay(id, TRANSACTION_COMMIT);

    // when
    transactions.endOneWay(id, TRANSACTION_ROLLBACK);

    // then
    assertThat(transactions.metric("escrowmq_decision_conflicts_total")).isEqualTo(1);
    assertThat(transactions.metric("rocketmq_rollback_messages_total")).isZero();
  }

  /** A consumer cannot have a hidden message sent to its retry topic by guessing its position. */
  @Test
  void shouldHideAHalfMessageFromWhoeverGuessesItsPosition() {
    // given
    long open = transactions.half("open");
    long committed = transactions.half("committed");
    long rolledBack = transactions.half("rolled back");
    transactions.end(committed, TRANSACTION_COMMIT);
    transactions.end(rolledBack, TRANSACTION_ROLLBACK);

    // when, then
    assertThat(transactions.broker.lookup.at(open)).isNull();
    assertThat(transactions.broker.lookup.at(committed)).isNotNull();
    assertThat(transactions.broker.lookup.at(rolledBack)).isNull();
  }

  private FakeCall decide(String name, int commitOrRollback, int halves) {
    return transactions.ask(
        RequestCode.DECIDE_TRANSACTION,
        new DecideTransactionHeader(
            TestTransactions.GROUP, name, commitOrRollback, halves, false, -1));
  }

  private static byte[] batch(String... bodies) {
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    byte[] properties = "PGROUP\u0001orders-service".getBytes(StandardCharsets.UTF_8);
    for (String text : bodies) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      ByteBuffer item = ByteBuffer.allocate(22 + body.length + properties.length);
      item.putInt(item.capacity()).putInt(0).putInt(0).putInt(0);
      item.putInt(body.length).put(body);
      item.putShort((short) properties.length).put(properties);
      batch.writeBytes(item.array());
    }
    return batch.toByteArray();
  }

  static String text(MessageView message) {
    return StandardCharsets.UTF_8.decode(message.body()).toString();
  }
}
