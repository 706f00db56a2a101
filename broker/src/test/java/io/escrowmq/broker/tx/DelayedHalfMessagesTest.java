package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Half-messages with a delay; the numbers are clauses of docs/half-message.md. */
class DelayedHalfMessagesTest {

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** 2.2: the delay begins when it is committed. */
  @Test
  void shouldBeginTheDelayOfAHalfMessageAtItsCommit() {
    // given
    long id = transactions.half("body", "DELAY", "2");
    transactions.broker.clock.advance(60_000);
    transactions.end(id, TRANSACTION_COMMIT);

    // when
    transactions.advance(4_999);
    int before = transactions.visible(TOPIC, 1).size();
    transactions.advance(1);

    // then
    assertThat(before).isZero();
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("body");
  }

  /** 2.2: a delivery time that has passed by the commit means at once. */
  @Test
  void shouldShowAtOnceWhoseDeliveryTimeHasPassedWhenItIsCommitted() {
    // given
    long soon = transactions.broker.clock.millis() + 5_000;
    long id = transactions.half("body", "TIMER_DELIVER_MS", Long.toString(soon));
    transactions.broker.clock.advance(60_000);

    // when
    transactions.end(id, TRANSACTION_COMMIT);

    // then
    assertThat(transactions.visible(TOPIC, 1))
        .extracting(HalfMessagesTest::text)
        .containsExactly("body");
  }

  @Test
  void shouldNeverDeliverADelayedHalfMessageThatWasRolledBack() {
    // given
    long id = transactions.half("body", "DELAY", "1");

    // when
    transactions.end(id, TRANSACTION_ROLLBACK);
    transactions.advance(60_000);

    // then
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
  }
}
