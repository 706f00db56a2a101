package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** docs/half-message.md 6.2: retention never takes what is in escrow. */
class EscrowRetentionTest {

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldKeepWhatIsInEscrowWhileItsSegmentGoes() {
    // given
    StateFiles states = new StateFiles(transactions.broker.files, Path.of("/data/state"));
    StateKeeper keeper = new StateKeeper(
        transactions.broker.log,
        states,
        List.of(transactions.broker.transactions),
        0,
        transactions.broker.clock);
    transactions.broker.loop.add(keeper);
    transactions.broker.loop.add(new RetentionDuty(
        transactions.broker.log,
        transactions.broker.queues,
        transactions.broker.keys,
        keeper,
        transactions.broker.delayed::oldestPosition,
        transactions.requests.oldSegments(),
        new RetentionSettings(Duration.ofHours(10), Long.MAX_VALUE)));
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    FakeCall sent =
        transactions.sendHalf(sender, TOPIC, 1, "body", "CHECK_IMMUNITY_TIME_IN_SECONDS", "90000");
    long id = TestTransactions.idOf(sent);

    // when
    for (int hour = 0; hour < 24; hour++) {
      for (int i = 0; i < 40; i++) {
        transactions.broker.send(TOPIC, 0, "x".repeat(16_000), "", 0);
      }
      transactions.advance(3_600_000);
      transactions.broker.log.sync();
      keeper.writer().turn();
    }
    long start = transactions.broker.log.start();
    long moved = transactions.broker.transactions.coordinator().oldestPosition();
    boolean isHiddenBefore = transactions.requests.isHidden(moved);
    transactions.advance(2 * 3_600_000);
    FakeCall committed = transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(start).isGreaterThan(id);
    assertThat(sender.notified()).isNotEmpty();
    assertThat(isHiddenBefore).isTrue();
    assertThat(transactions.requests.isHidden(moved)).isFalse();
    assertThat(committed.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("body");
    assertThat(transactions.visible(TOPIC, 1).get(0).preparedPosition()).isEqualTo(id);
  }
}
