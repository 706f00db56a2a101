package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.NewMessage;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.store.RecordKind;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Outcome;
import io.escrowmq.tx.Ruling;
import io.escrowmq.tx.StoredHalf;
import io.escrowmq.tx.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Half-messages as large as they can be, in the log already: none of them is in others' way. */
class ExtremeHalfMessagesTest {

  private static final String SYSTEM_TOPIC = "TRANS_CHECK_MAX_TIME_TOPIC";
  private static final int CHECKED_AFTER_MILLIS = 6_000;

  private TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldAskAboutAllOthersAtOnceWhenPropertiesLeaveNoRoomForTheNumberOfACheck() {
    // given
    FakeConnection producer = transactions.producer(GROUP, "sender@1", 1);
    for (int i = 0; i < 4; i++) {
      record(Properties.MAX_BYTES);
    }
    transactions.sendHalf(producer, TOPIC, 1, "small");

    // when
    transactions.advance(CHECKED_AFTER_MILLIS);

    // then
    assertThat(producer.notified()).hasSize(5);
  }

  @Test
  void shouldMoveWhatNobodyDecidedWhenItsPropertiesAreFull() {
    // given
    transactions.close();
    transactions = new TestTransactions(ExhaustionPolicy.SYSTEM_TOPIC);
    transactions.broker.createTopic(SYSTEM_TOPIC, 1);
    transactions.producer(GROUP, "sender@1", 1);
    record(Properties.MAX_BYTES);
    record(Properties.MAX_BYTES - 60);
    record(Properties.MAX_BYTES - 600);

    // when
    transactions.advance(24 * 3_600_000);

    // then
    List<MessageView> moved = transactions.visible(SYSTEM_TOPIC, 0);
    assertThat(moved).hasSize(3);
    assertThat(moved.get(2).property("REAL_TOPIC")).isEqualTo(TOPIC);
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  @Test
  void shouldCopyNoMoreInATurnThanItsBudgetAndGoOnInTheNext() {
    // given
    TestLog broker = transactions.broker;
    broker.createTopic(SYSTEM_TOPIC, 1);
    List<StoredHalf> halves = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      halves.add(record(1_000));
    }
    ExhaustedTopic topic = new ExhaustedTopic(broker.log, broker.queueViews, 1_500);
    List<ExhaustedTopic.CopyProgress> taken = new ArrayList<>();

    // when
    for (int turn = 0; turn < 2; turn++) {
      broker.rule(recorder -> {
        topic.onTurn();
        taken.add(topic.take(recorder, halves.get(0).id(), halves));
      });
    }

    // then
    assertThat(taken)
        .containsExactly(ExhaustedTopic.CopyProgress.SOME, ExhaustedTopic.CopyProgress.ALL);
    assertThat(transactions.visible(SYSTEM_TOPIC, 0)).hasSize(3);
  }

  @Test
  void shouldCopyEachHalfMessageOnceWhenSeveralTransactionsTakeTurns() {
    // given
    TestLog broker = transactions.broker;
    broker.createTopic(SYSTEM_TOPIC, 1);
    List<List<StoredHalf>> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(List.of(record(1_000), record(1_000), record(1_000)));
    }
    ExhaustedTopic topic = new ExhaustedTopic(broker.log, broker.queueViews, 1_500);

    // when
    for (int turn = 0; turn < 20; turn++) {
      broker.rule(recorder -> {
        topic.onTurn();
        open.removeIf(halves ->
            topic.take(recorder, halves.get(0).id(), halves) == ExhaustedTopic.CopyProgress.ALL);
      });
      Collections.rotate(open, 1);
    }

    // then
    assertThat(open).isEmpty();
    assertThat(transactions.visible(SYSTEM_TOPIC, 0)).hasSize(9);
  }

  @Test
  void shouldReadNoMoreForACommitInATurnThanItsBudgetAndGoOnInTheNext() {
    // given
    long id = recordLargeAndDelayed(70);
    int turns = 0;

    // when
    FakeCall commit = transactions.offerEnd(id, SysFlags.TRANSACTION_COMMIT);
    while (!commit.isAnswered()) {
      turns++;
      assertThat(transactions.broker.loop.turn()).as("turn %d", turns).isPositive();
    }

    // then: 33 fit a turn
    assertThat(turns).isEqualTo(3);
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
    transactions.advance(2_000);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(70);
  }

  /** A delay counts from when its half-message was read for the commit: for some it is over by then. */
  @Test
  void shouldDeliverInOrderAndNothingBeforeTheDecisionWhenACommitTakesLongerThanTheDelay() {
    // given
    long id = recordLargeAndDelayed(70);
    FakeCall commit = transactions.offerEnd(id, SysFlags.TRANSACTION_COMMIT);

    // when
    transactions.broker.loop.turn();
    while (!commit.isAnswered()) {
      assertThat(transactions.visible(TOPIC, 1)).isEmpty();
      transactions.broker.clock.advance(5_000);
      transactions.broker.loop.turn();
    }
    transactions.broker.settle();
    int atOnce = transactions.visible(TOPIC, 1).size();
    transactions.advance(999);
    int beforeTheLastDelay = transactions.visible(TOPIC, 1).size();
    transactions.advance(1);

    // then
    assertThat(atOnce).as("their delay is over").isPositive().isLessThan(70);
    assertThat(beforeTheLastDelay).isEqualTo(atOnce);
    List<Long> order = transactions.visible(TOPIC, 1).stream()
        .map(message -> Long.valueOf(message.property("UNIQ_KEY").substring(1)))
        .toList();
    assertThat(order).hasSize(70).isSorted();
  }

  @Test
  void shouldGoByWhatWasDecidedWhileACommitWasStillRead() {
    // given
    long id = recordLargeAndDelayed(70);
    FakeCall commit = transactions.offerEnd(id, SysFlags.TRANSACTION_COMMIT);
    transactions.broker.loop.turn();

    // when
    FakeCall rollBack = transactions.end(id, SysFlags.TRANSACTION_ROLLBACK);

    // then
    assertThat(rollBack.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    transactions.advance(2_000);
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
  }

  /** Between two turns of a commit its topic may go, and come again. */
  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void shouldJudgeAgainWhatEarlierTurnsReadWhenATopicIsDeletedInBetween(
      boolean byOperator, boolean madeAgain) {
    for (String delay : List.of("", Properties.appended("", "DELAY", "1"))) {
      for (int turn = 1; turn <= 4; turn++) {
        transactions.close();
        transactions = new TestTransactions();
        commitWhileATopicIsDeleted(byOperator, madeAgain, delay, turn);
      }
    }
  }

  private void commitWhileATopicIsDeleted(
      boolean byOperator, boolean madeAgain, String delay, int afterTurns) {
    // given: of the half-messages before the last one each is read in a turn of its own
    TestLog broker = transactions.broker;
    broker.createTopic("bills", 4);
    long id = record(TOPIC, 100, 10, -1, delay).id();
    record("bills", 100, 10, id, delay);
    record(TOPIC, 100, 10, id, delay);
    record("bills", 100, 10, id, delay);
    Ruling.Decide ruling =
        (Ruling.Decide) broker.transactions.coordinator().onOrder(id, Verdict.COMMIT);
    List<DecisionWriter.WriteResult> written = new ArrayList<>();
    ReadHalves read = new ReadHalves();
    Report.Statement said = byOperator
        ? new Report.Statement(Outcome.COMMIT, Decider.OPERATOR, "ann", "")
        : Report.Statement.byProducer(Outcome.COMMIT, false);

    // when
    for (int turn = 1; turn <= 4; turn++) {
      write(ruling, said, 1, read, written);
      if (turn == afterTurns) {
        broker.rule(recorder -> recorder.record(
            RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), TOPIC)));
        if (madeAgain) {
          broker.createTopic(TOPIC, 4);
        }
      }
    }
    transactions.advance(2_000);

    // then
    String name = "delay " + delay + ", deleted after turn " + afterTurns;
    if (afterTurns == 4) {
      assertThat(written.get(3)).as(name).isEqualTo(complete(written.get(3), 0));
    } else if (byOperator) {
      assertThat(written.get(3)).as(name).isEqualTo(complete(written.get(3), 2));
    } else {
      assertThat(written.get(3))
          .as(name)
          .isEqualTo(new DecisionWriter.WriteResult.NotNow(new Refusal.TopicOfHalfGone(TOPIC)));
    }
    assertThat(transactions.visible(TOPIC, 1)).as(name).isEmpty();
    assertThat(transactions.visible("bills", 1))
        .as(name)
        .hasSize(byOperator || afterTurns == 4 ? 2 : 0);
  }

  private static DecisionWriter.WriteResult complete(DecisionWriter.WriteResult like, int leftOut) {
    assertThat(like).isInstanceOf(DecisionWriter.WriteResult.Complete.class);
    return new DecisionWriter.WriteResult.Complete(
        ((DecisionWriter.WriteResult.Complete) like).decision(), 4, leftOut);
  }

  @Test
  void shouldReadAsMuchInATurnAsItsBudgetAndNotOneByteMore() {
    // given
    Ruling.Decide fitting = committed(3);
    Ruling.Decide tooLarge = committed(3);
    int bytes = fitting.halves().stream().mapToInt(StoredHalf::bytes).sum();
    List<DecisionWriter.WriteResult> written = new ArrayList<>();

    // when
    write(fitting, bytes, new ReadHalves(), written);
    ReadHalves read = new ReadHalves();
    write(tooLarge, bytes - 1, read, written);

    // then
    assertThat(written.get(0)).isInstanceOf(DecisionWriter.WriteResult.Complete.class);
    assertThat(written.get(1)).isInstanceOf(DecisionWriter.WriteResult.Partial.class);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(3);

    // when
    write(tooLarge, 1, read, written);

    // then
    assertThat(written.get(2)).isInstanceOf(DecisionWriter.WriteResult.Complete.class);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(6);
  }

  private Ruling.Decide committed(int halfMessages) {
    long id = record(1_000).id();
    for (int i = 1; i < halfMessages; i++) {
      record(1_000, 10, id, "");
    }
    return (Ruling.Decide)
        transactions.broker.transactions.coordinator().onReport(id, GROUP, Outcome.COMMIT);
  }

  // As if all of them were recorded long ago.
  private void write(
      Ruling.Decide ruling,
      int readATurn,
      ReadHalves read,
      List<DecisionWriter.WriteResult> written) {
    write(ruling, Report.Statement.byProducer(Outcome.COMMIT, false), readATurn, read, written);
  }

  private void write(
      Ruling.Decide ruling,
      Report.Statement said,
      int readATurn,
      ReadHalves read,
      List<DecisionWriter.WriteResult> written) {
    TestLog broker = transactions.broker;
    DecisionWriter writer = new DecisionWriter(
        broker.log, broker.queueViews, broker.topics, new RecentHalves(), broker.ages, readATurn);
    broker.rule(recorder -> written.add(writer.write(recorder, ruling, said, Rights.ALL, read)));
  }

  // With a delay they are read at the commit, however lately they were recorded.
  private long recordLargeAndDelayed(int halfMessages) {
    String delay = Properties.appended("", "DELAY", "1");
    long id = record(100, 500_000, -1, delay).id();
    for (int i = 1; i < halfMessages; i++) {
      record(100, 500_000, id, delay);
    }
    return id;
  }

  private StoredHalf record(int propertyBytes) {
    return record(propertyBytes, 10, -1, "");
  }

  /** As a version without a limit at the door recorded them. */
  private StoredHalf record(int propertyBytes, int bodyBytes, long joins, String more) {
    return record(TOPIC, propertyBytes, bodyBytes, joins, more);
  }

  private StoredHalf record(
      String topic, int propertyBytes, int bodyBytes, long joins, String more) {
    TestLog broker = transactions.broker;
    String properties = "UNIQ_KEY\u0001u" + broker.log.end() + "\u0002";
    properties += "p\u0001" + "x".repeat(propertyBytes - properties.length() - 3) + "\u0002";
    byte[] message = MessageCodec.encode(new NewMessage(
        topic,
        1,
        0,
        0,
        broker.clock.millis(),
        TestLog.STORE_HOST,
        TestLog.STORE_HOST,
        0,
        0,
        ByteBuffer.wrap(new byte[bodyBytes]),
        properties));
    String control = Properties.appended(more, "PGROUP", GROUP);
    HalfRecord.What what = joins < 0 ? HalfRecord.What.FIRST : HalfRecord.What.JOINS;
    byte[] front = new HalfRecord(what, 0, CHECKED_AFTER_MILLIS, joins, control).front();
    List<StoredHalf> stored = new ArrayList<>();
    broker.rule(recorder -> {
      int length = front.length + message.length;
      long position = recorder.record(RecordKind.HALF, front.length, length, (at, batch) -> {
        MessageCodec.stamp(message, 0, at, recorder.nowMillis());
        MessageCodec.stampPrepared(message, 0, at);
        batch.put(front).put(message);
      });
      stored.add(new StoredHalf(position, position, front.length + message.length));
    });
    return stored.get(0);
  }
}
