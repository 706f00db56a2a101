package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A half-message whose bytes are damaged is in nobody's way; docs/half-message.md 3.7, 4.8. */
class DamagedHalfMessagesTest {

  private static final Path FIRST_SEGMENT = Path.of("/data/log/00000000000000000000.log");
  private static final int INTO_THE_MESSAGE = 100;

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldAskAboutAllOthersAndGoOnAsking() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long damaged = transactions.sendHalf(sender, TOPIC, 1, "damaged").sentPosition();
    transactions.sendHalf(sender, TOPIC, 1, "sound");
    damage(damaged);

    // when
    transactions.advance(24 * 3_600_000);

    // then
    assertThat(sender.notified()).hasSize(15);
    assertThat(transactions.metric("escrowmq_transactions_suspended")).isEqualTo(2);
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  /** One with a delay, which is read when it is committed, however young it is. */
  @Test
  void shouldRefuseItsCommitAndTakeItsRollBack() {
    // given
    long damaged = transactions.half("damaged", "DELAY", "1");
    long sound = transactions.half("sound", "DELAY", "1");
    damage(damaged);

    // when
    FakeCall commit = transactions.end(damaged, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(damaged, TRANSACTION_ROLLBACK);
    FakeCall other = transactions.end(sound, TRANSACTION_COMMIT);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(commit.reply().remark()).contains("position " + damaged);
    assertThat(rollback.replyFields())
        .containsEntry("verdict", "ROLLBACK")
        .containsEntry("again", "false");
    assertThat(other.replyFields()).containsEntry("verdict", "COMMIT");
  }

  @Test
  void shouldRefuseItsCommitWhenItsBytesAreMissingFromTheFile() {
    // given
    long sound = transactions.half("sound", "DELAY", "1");
    long missing = transactions.half("missing", "DELAY", "1");
    transactions.broker.files.cut(FIRST_SEGMENT, missing + INTO_THE_MESSAGE);

    // when
    FakeCall commit = transactions.end(missing, TRANSACTION_COMMIT);
    FakeCall rollback = transactions.end(missing, TRANSACTION_ROLLBACK);
    FakeCall other = transactions.end(sound, TRANSACTION_COMMIT);

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(rollback.replyFields()).containsEntry("verdict", "ROLLBACK");
    assertThat(other.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(transactions.broker.loop.stopped()).isNull();
  }

  @Test
  void shouldListItWithoutWhatCannotBeRead() {
    // given
    long damaged = transactions.half("damaged");
    long sound = transactions.half("sound");
    damage(damaged);

    // when
    FakeCall list = transactions.ask(
        RequestCode.LIST_TRANSACTIONS, new ListTransactionsHeader(null, 0, false, -1, 100));

    // then
    assertThat(TransactionList.read(list.replyBody().getBytes(StandardCharsets.UTF_8))
            .list())
        .extracting(TransactionEntry::id, entry -> entry.halves().size())
        .containsExactly(tuple(damaged, 0), tuple(sound, 1));
  }

  private void damage(long id) {
    transactions.broker.files.flipBit(FIRST_SEGMENT, id + INTO_THE_MESSAGE, 3);
  }
}
