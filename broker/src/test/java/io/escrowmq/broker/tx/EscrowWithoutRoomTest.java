package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.store.CommitLog;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * docs/half-message.md 3.7: decisions and checks go on out of the reserve when messages are refused,
 * and wait when that is used up too. The same whether the disk is full or replicas lack too much of the log.
 */
class EscrowWithoutRoomTest {

  private static final int ROOM_BYTES = 1_500_000; // a segment, and some of the next
  private static final int MOST_SENDS = 10_000;

  private static final int UNCOMMITTED_BYTES = 1 << 20;

  /** What there is too little of, and what a refusal says of it. */
  enum Lack {
    DISK("the disk is full", "so is the reserve for decisions"),
    REPLICAS("[UNDER-REPLICATED]", "[UNDER-REPLICATED]");

    private final String words;
    private final String wordsOfDecision;

    Lack(String words, String wordsOfDecision) {
      this.words = words;
      this.wordsOfDecision = wordsOfDecision;
    }
  }

  private TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldDecideOutOfTheReserveWhenThereIsNoRoomForMessages(Lack lack) {
    // given
    FakeConnection sender = new FakeConnection(50_000);
    long committed = transactions.half("body");
    long rolledBack = transactions.half("body");
    fill(lack);

    // when
    FakeCall half = transactions.sendHalf(sender, TOPIC, 1, "late");
    FakeCall commit = transactions.end(committed, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(rolledBack, TRANSACTION_ROLLBACK);

    // then
    showAll(lack);
    assertThat(half.reply().remark()).contains(lack.words);
    assertThat(commit.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(rollback.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
    assertThat(transactions.metric("escrowmq_transactions_open")).isZero();
  }

  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldRefuseADecisionForWhichNotEvenTheReserveHasRoomUntilThereIsSome(Lack lack) {
    // given
    long committed = transactions.half("body");
    long rolledBack = transactions.half("body");
    fill(lack);
    useUpTheReserve();

    // when
    FakeCall commit = transactions.end(committed, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(rolledBack, TRANSACTION_ROLLBACK);
    int visible = transactions.visible(TOPIC, 1).size();
    makeRoom(lack);
    transactions.broker.clock.advance(60_000);
    FakeCall later = transactions.end(committed, TRANSACTION_COMMIT);
    showAll(lack);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(commit.reply().remark()).contains(lack.wordsOfDecision);
    assertThat(rollback.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(visible).isZero();
    assertThat(transactions.metric("escrowmq_decisions_refused_total")).isEqualTo(2);
    assertThat(later.replyFields()).containsEntry("again", "false");
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** 4.1. */
  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldAskOutOfTheReserve(Lack lack) {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    fill(lack);

    // when
    transactions.advance(6_000);

    // then
    assertThat(sender.notified()).hasSize(1);
  }

  /** 4.3. */
  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldUseUpNoCheckThatCannotBeRecorded(Lack lack) {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();
    fill(lack);
    useUpTheReserve();

    // when
    transactions.advance(20_000);
    int asked = sender.notified().size();
    makeRoom(lack);
    transactions.advance(2_000);
    showAll(lack);
    transactions.sendChecks();

    // then
    assertThat(asked).isZero();
    assertThat(sender.notified()).hasSize(1);
    assertThat(transactions.broker.transactions.coordinator().find(id).checks()).isOne();
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** 7.3. */
  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldRefuseToCheckAgainWhatCannotBeRecorded(Lack lack) {
    // given
    long id = transactions.half("body");
    fill(lack);
    useUpTheReserve();

    // when
    FakeCall recheck =
        transactions.ask(RequestCode.RECHECK_TRANSACTION, new RecheckTransactionHeader(id, "ann"));

    // then
    assertThat(recheck.reply().remark()).contains(lack.words);
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** 4.5: the copy in the system topic is a message, for which there is no reserve. */
  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldKeepWhatCannotBeCopiedToTheSystemTopic(Lack lack) {
    // given
    transactions.close();
    transactions = new TestTransactions(ExhaustionPolicy.SYSTEM_TOPIC);
    transactions.broker.createTopic("TRANS_CHECK_MAX_TIME_TOPIC", 1);
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    fill(lack);

    // when
    transactions.advance(24 * 3_600_000);
    showAll(lack);

    // then
    assertThat(sender.notified()).hasSize(15);
    assertThat(transactions.metric("escrowmq_transactions_suspended")).isOne();
    assertThat(transactions.visible("TRANS_CHECK_MAX_TIME_TOPIC", 0)).isEmpty();
  }

  /** 6.2: what has reached half of its time can wait. */
  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldTakeNothingFromTheReserveForASegmentThatDoesNotGo(Lack lack) {
    // given
    long id = transactions.half("body");
    fill(lack);

    // when
    transactions.broker.rule(
        recorder -> transactions.oldSegments.renewBefore(Long.MAX_VALUE, recorder));

    // then
    assertThat(transactions.oldSegments.oldestPosition()).isEqualTo(id);
  }

  /** 6.2. */
  @ParameterizedTest
  @EnumSource(Lack.class)
  void shouldLeaveAsMuchOfTheReserveAsMakingWayTakes(Lack lack) {
    // given
    String body = "x".repeat(24_000);
    long id = transactions.half(body);
    fill(lack);

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

  private void fill(Lack lack) {
    TestLog broker = transactions.broker;
    if (lack == Lack.DISK) {
      broker.files.capacity(broker.files.usedBytes() + ROOM_BYTES);
    } else {
      broker.log.awaitReplicas();
      broker.log.commit(broker.log.end());
      broker.log.room().mostUncommitted(UNCOMMITTED_BYTES);
    }
    sendUntilRefused("x".repeat(16 * 1024));
    sendUntilRefused("");
  }

  private void makeRoom(Lack lack) {
    transactions.broker.files.capacity(Long.MAX_VALUE);
    showAll(lack);
  }

  private void showAll(Lack lack) {
    if (lack == Lack.REPLICAS) {
      transactions.broker.log.commit(transactions.broker.log.end());
    }
  }

  private void sendUntilRefused(String body) {
    for (int i = 0; i < MOST_SENDS; i++) {
      if (transactions.sendPlain(TOPIC, 2, body).replyCode() != ResponseCode.SUCCESS) {
        return;
      }
    }
    throw new AssertionError("there is always room");
  }

  /** With marks: shorter than a decision or a check, so none has room then. */
  private void useUpTheReserve() {
    CommitLog log = transactions.broker.log;
    transactions.broker.rule(recorder -> {
      while (recorder.hasDecisionRoom(CommitLog.MARK_BYTES)) {
        log.mark();
      }
    });
  }
}
