package io.escrowmq.broker.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.message.Tags;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.tx.Outcome;
import io.escrowmq.tx.Ruling;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecentHalvesTest {

  private static final String[] PROPERTIES = {"TAGS", "paid", "KEYS", "order-17 customer-4"};

  private final TestTransactions transactions = new TestTransactions();
  private final TestLog broker = transactions.broker;

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldReleaseWhatIsRememberedAsWhatHasToBeRead() {
    // given
    long remembered = transactions.half("body", PROPERTIES);
    long read = transactions.half("body", PROPERTIES);
    broker.clock.advance(40);

    // when
    long first = broker.log.end();
    transactions.end(remembered, SysFlags.TRANSACTION_COMMIT);
    long second = broker.log.end();
    commitReading(read);

    // then
    assertThat(entry(0)).isEqualTo(entry(1)).startsWith(Tags.codeOf("paid"), broker.clock.millis());
    for (String key : new String[] {"order-17", "customer-4"}) {
      long hash = KeyIndex.hash(TestTransactions.TOPIC, key);
      assertThat(broker.keys.find(hash, 0, Long.MAX_VALUE, Long.MAX_VALUE, 8))
          .containsExactly(second, first);
    }
  }

  @Test
  void shouldNotReleaseAtOnceWhatIsDelayedFromTheCommitOn() {
    // given
    long delayed = transactions.half("body", "DELAY", "1");

    // when
    transactions.end(delayed, SysFlags.TRANSACTION_COMMIT);

    // then
    assertThat(transactions.visible(TestTransactions.TOPIC, 1)).isEmpty();
  }

  private void commitReading(long id) {
    DecisionWriter forgetful = new DecisionWriter(
        broker.log,
        broker.queueViews,
        broker.topics,
        new RecentHalves(),
        broker.ages,
        DecisionWriter.READ_A_TURN);
    Ruling ruling =
        broker.transactions.coordinator().onReport(id, TestTransactions.GROUP, Outcome.COMMIT);
    broker.rule(recorder -> forgetful.write(
        recorder,
        (Ruling.Decide) ruling,
        Report.Statement.byProducer(Outcome.COMMIT, false),
        Rights.ALL,
        new ReadHalves()));
  }

  /** Tag, time and length of an entry. */
  private Object[] entry(long offset) {
    ConsumeQueue queue = broker.queues.obtain(TestTransactions.TOPIC, 1);
    QueueEntries entries = new QueueEntries(1);
    queue.read(offset, entries);
    return new Object[] {entries.tagCode(0), entries.storeTimeMillis(0), entries.recordLength(0)};
  }
}
