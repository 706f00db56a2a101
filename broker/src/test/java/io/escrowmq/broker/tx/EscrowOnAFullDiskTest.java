package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.store.RecordKind;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * docs/half-message.md 3.7: decisions and checks go on out of the reserve when messages are refused,
 * and wait when that is used up too.
 */
class EscrowOnAFullDiskTest {

  private static final int ROOM_BYTES = 1_500_000; // a segment, and some of the next
  private static final int MOST_SENDS = 10_000;

  private TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldDecideOutOfTheReserveWhenTheDiskIsTooFullForMessages() {
    // given
    FakeConnection sender = new FakeConnection(50_000);
    long committed = transactions.half("body");
    long rolledBack = transactions.half("body");
    fillTheDisk();

    // when
    FakeCall half = transactions.sendHalf(sender, TOPIC, 1, "late");
    FakeCall commit = transactions.end(committed, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(rolledBack, TRANSACTION_ROLLBACK);

    // then
    assertThat(half.reply().remark()).contains("the disk is full");
    assertThat(commit.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(rollback.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
  }

  @Test
  void shouldRefuseADecisionForWhichNotEvenTheReserveHasRoomUntilThereIsSome() {
    // given
    long committed = transactions.half("body");
    long rolledBack = transactions.half("body");
    fillTheDisk();
    useUpTheReserve();

    // when
    FakeCall commit = transactions.end(committed, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(rolledBack, TRANSACTION_ROLLBACK);
    int visible = transactions.visible(TOPIC, 1).size();
    transactions.broker.files.capacity(Long.MAX_VALUE);
    transactions.broker.clock.advance(60_000);
    FakeCall later = transactions.end(committed, TRANSACTION_COMMIT);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(commit.reply().remark()).contains("so is the reserve for decisions");
    assertThat(rollback.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(visible).isZero();
    assertThat(transactions.metric("escrowmq_decisions_refused_total")).isEqualTo(2);
    assertThat(later.replyFields()).containsEntry("again", "false");
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** 4.1. */
  @Test
  void shouldAskOutOfTheReserve() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    fillTheDisk();

    // when
    transactions.advance(6_000);

    // then
    assertThat(sender.notified()).hasSize(1);
  }

  /** 4.3. */
  @Test
  void shouldUseUpNoCheckThatCannotBeRecorded() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();
    fillTheDisk();
    useUpTheReserve();

    // when
    transactions.advance(20_000);
    int asked = sender.notified().size();
    transactions.broker.files.capacity(Long.MAX_VALUE);
    transactions.advance(2_000);

    // then
    assertThat(asked).isZero();
    assertThat(sender.notified()).hasSize(1);
    assertThat(transactions.broker.transactions.coordinator().find(id).checks()).isOne();
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** 7.3. */
  @Test
  void shouldRefuseToCheckAgainWhatCannotBeRecorded() {
    // given
    long id = transactions.half("body");
    fillTheDisk();
    useUpTheReserve();

    // when
    FakeCall recheck =
        transactions.ask(RequestCode.RECHECK_TRANSACTION, new RecheckTransactionHeader(id, "ann"));

    // then
    assertThat(recheck.reply().remark()).contains("the disk is full");
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** 4.5: the copy in the system topic is a message, for which there is no reserve. */
  @Test
  void shouldKeepWhatCannotBeCopiedToTheSystemTopic() {
    // given
    transactions.close();
    transactions = new TestTransactions(ExhaustionPolicy.SYSTEM_TOPIC);
    transactions.broker.createTopic("TRANS_CHECK_MAX_TIME_TOPIC", 1);
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    fillTheDisk();

    // when
    transactions.advance(24 * 3_600_000);

    // then
    assertThat(sender.notified()).hasSize(15);
    assertThat(transactions.metric("escrowmq_transactions_suspended")).isOne();
    assertThat(transactions.visible("TRANS_CHECK_MAX_TIME_TOPIC", 0)).isEmpty();
  }

  /** 6.2: what has reached half of its time can wait. */
  @Test
  void shouldTakeNothingFromTheReserveForASegmentThatDoesNotGo() {
    // given
    long id = transactions.half("body");
    fillTheDisk();

    // when
    transactions.broker.rule(
        recorder -> transactions.oldSegments.renewBefore(Long.MAX_VALUE, recorder));

    // then
    assertThat(transactions.oldSegments.oldestPosition()).isEqualTo(id);
  }

  /** 6.2. */
  @Test
  void shouldLeaveAsMuchOfTheReserveAsMakingWayTakes() {
    // given
    String body = "x".repeat(24_000);
    long id = transactions.half(body);
    fillTheDisk();

    // when
    AtomicBoolean leavesAsMuch = new AtomicBoolean();
    transactions.broker.rule(recorder -> {
      transactions.oldSegments.makeWay(Long.MAX_VALUE, recorder);
      leavesAsMuch.set(recorder.hasReserveRoom(body.length()));
    });

    // then
    assertThat(transactions.oldSegments.oldestPosition())
        .isGreaterThan(id)
        .isLessThan(Long.MAX_VALUE);
    assertThat(leavesAsMuch).isTrue();
  }

  private void fillTheDisk() {
    transactions.broker.files.capacity(transactions.broker.files.usedBytes() + ROOM_BYTES);
    sendUntilRefused("x".repeat(16 * 1024));
    sendUntilRefused("");
  }

  private void sendUntilRefused(String body) {
    for (int i = 0; i < MOST_SENDS; i++) {
      if (transactions.sendPlain(TOPIC, 2, body).replyCode() != ResponseCode.SUCCESS) {
        return;
      }
    }
    throw new AssertionError("the disk is never full");
  }

  /** With changes of a topic: shorter than a decision or a check, so none has room then. */
  private void useUpTheReserve() {
    Topic topic = Topic.of("t", 1, Topic.READ | Topic.WRITE);
    transactions.broker.rule(recorder -> {
      byte[] change = TopicRecords.changed(recorder.nowMillis(), topic);
      while (recorder.hasReserveRoom(change.length)) {
        recorder.record(RecordKind.TOPIC, 0, change);
      }
    });
  }
}
