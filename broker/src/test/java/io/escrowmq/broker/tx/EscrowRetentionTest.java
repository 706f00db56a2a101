package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.OldSegments;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** docs/half-message.md 6.2: retention never takes what is in escrow. */
class EscrowRetentionTest {

  private final TestTransactions transactions = new TestTransactions();
  private final StateKeeper keeper = new StateKeeper(
      transactions.broker.log,
      new StateFiles(transactions.broker.files, Path.of("/data/state")),
      List.of(transactions.broker.transactions),
      transactions.broker.clock.ticker());

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldKeepWhatIsInEscrowWhileItsSegmentGoes() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    FakeConnection other = transactions.producer(GROUP, "other@2", 2);
    long id = transactions
        .sendHalf(sender, TOPIC, 1, "body", "CHECK_IMMUNITY_TIME_IN_SECONDS", "90000")
        .sentPosition();
    transactions.end(
        transactions.sendHalf(other, TOPIC, 2, "its own").sentPosition(), TRANSACTION_COMMIT);

    // when
    letADayGoBy(transactions.oldSegments);
    long start = transactions.broker.log.start();
    long moved = transactions.broker.transactions.coordinator().oldestPosition();
    byte[] seenBefore = transactions.broker.lookup.at(moved);
    transactions.advance(2 * 3_600_000);
    FakeCall committed = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(start).isGreaterThan(id);
    assertThat(sender.notified()).hasSizeGreaterThan(2);
    assertThat(other.notified()).isEmpty();
    assertThat(seenBefore).isNull();
    assertThat(transactions.broker.lookup.at(moved)).isNotNull();
    assertThat(transactions.broker.lookup.at(id)).isEqualTo(transactions.broker.lookup.at(moved));
    assertThat(committed.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("body");
    assertThat(transactions.visible(TOPIC, 1).get(0).preparedPosition()).isEqualTo(id);
  }

  @Test
  void shouldDeliverFromItsNewPlaceWhatIsDelayedFromTheCommitOn() {
    // given
    long id = transactions.half("body", "DELAY", "1");
    letADayGoBy(transactions.oldSegments);
    long start = transactions.broker.log.start();
    transactions.end(id, TRANSACTION_COMMIT);
    int atOnce = transactions.visible(TOPIC, 1).size();

    // when
    transactions.advance(1_000);

    // then
    assertThat(start).isGreaterThan(id);
    assertThat(atOnce).isZero();
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("body");
  }

  /** What cannot be read cannot be recorded again: its segment stays until it is decided. */
  @Test
  void shouldKeepTheSegmentOfWhatIsDamagedUntilItIsRolledBack() {
    // given
    long id = transactions.half("body");
    transactions.broker.files.flipBit(Path.of("/data/log/00000000000000000000.log"), id + 100, 3);

    // when
    letADayGoBy(transactions.oldSegments);
    long start = transactions.broker.log.start();
    FakeCall rolledBack = transactions.end(id, TRANSACTION_ROLLBACK);
    letHoursGoBy(2);

    // then
    assertThat(start).isLessThanOrEqualTo(id);
    assertThat(rolledBack.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(transactions.broker.log.start()).isGreaterThan(id);
  }

  /** If we crashed between the two, the half-message would be in neither segment. */
  @Test
  void shouldDeleteASegmentOnlyWhenWhatReplacesItIsDurable() {
    // given
    AtomicBoolean isRenewing = new AtomicBoolean();
    letADayGoBy(new OldSegments() {
      @Override
      public long oldestPosition() {
        return Long.MAX_VALUE;
      }

      @Override
      public boolean renewBefore(long position, Recorder recorder) {
        if (isRenewing.getAndSet(false)) {
          recorder.record(RecordKind.TOPIC, 0, TopicRecords.changed(0, Topic.of("t", 1, 0)));
        }
        return true;
      }

      @Override
      public void makeWay(long position, Recorder recorder) {}
    });
    transactions.advance(3_600_000);
    long start = transactions.broker.log.start();

    // when
    isRenewing.set(true);
    transactions.advance(2 * 3_600_000);
    long written = transactions.broker.log.start();
    transactions.broker.log.sync();
    transactions.advance(3_600_000);

    // then
    assertThat(written).isEqualTo(start);
    assertThat(transactions.broker.log.start()).isGreaterThan(start);
  }

  /** The disk became full before the half-message was old enough to be recorded again. */
  @Test
  void shouldMakeRoomOnAFullDiskThoughSomethingOldIsInEscrow() {
    // given
    long id = transactions.half("body");
    fillTheDiskWithWhatWillBeOld();

    // when
    letHoursGoBy(11);
    String full = transactions.sendPlain(TOPIC, 2, "x".repeat(16_000)).reply().remark();
    FakeCall committed = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(full).isNull();
    assertThat(transactions.broker.log.start()).isGreaterThan(id);
    assertThat(committed.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("body");
  }

  /** As long as it would take more than half of the reserve, which decisions need. */
  @Test
  void shouldKeepOldSegmentsOnAFullDiskWhileTooMuchOfThemIsInEscrow() {
    // given
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(transactions.half("x".repeat(34_000)));
    }
    fillTheDiskWithWhatWillBeOld();

    // when
    letHoursGoBy(11);
    long start = transactions.broker.log.start();
    FakeCall committed = transactions.end(ids.get(0), TRANSACTION_COMMIT);
    FakeCall rolledBack = transactions.end(ids.get(1), TRANSACTION_ROLLBACK);
    letHoursGoBy(2);

    // then
    assertThat(start).isLessThanOrEqualTo(ids.get(0));
    assertThat(committed.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(rolledBack.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(transactions.broker.log.start()).isGreaterThan(ids.get(3));
    assertThat(transactions.oldSegments.oldestPosition()).isLessThan(Long.MAX_VALUE);
  }

  private void fillTheDiskWithWhatWillBeOld() {
    retainTenHours(transactions.oldSegments);
    for (int i = 0; i < 2; i++) { // so many state files are kept
      for (int j = 0; j < 80; j++) {
        transactions.broker.send(TOPIC, 0, "x".repeat(16_000), "", 0);
      }
      keeper.ask();
      letHoursGoBy(1);
    }
    transactions.broker.files.capacity(transactions.broker.files.usedBytes() + 1_500_000);
    while (transactions.sendPlain(TOPIC, 2, "x".repeat(16_000)).replyCode()
        == ResponseCode.SUCCESS) {
      // until there is no room
    }
  }

  /** Messages come and go: what is older than ten hours is deleted. */
  private void letADayGoBy(OldSegments escrow) {
    retainTenHours(escrow);
    for (int hour = 0; hour < 24; hour++) {
      for (int i = 0; i < 40; i++) {
        transactions.broker.send(TOPIC, 0, "x".repeat(16_000), "", 0);
      }
      letHoursGoBy(1);
    }
  }

  private void letHoursGoBy(int hours) {
    for (int hour = 0; hour < hours; hour++) {
      transactions.advance(3_600_000);
      transactions.broker.log.sync();
      keeper.writer().turn();
    }
  }

  private void retainTenHours(OldSegments escrow) {
    transactions
        .broker
        .state
        .retention()
        .change(new RetentionSettings(Duration.ofHours(10), Long.MAX_VALUE));
    transactions.broker.loop.add(keeper);
    transactions.broker.loop.add(new RetentionDuty(
        transactions.broker.log,
        transactions.broker.queues,
        transactions.broker.keys,
        keeper,
        transactions.broker.ages,
        escrow));
  }
}
