package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_NONE;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators see and do; the numbers are clauses of docs/half-message.md. */
class OperatorsTest {

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** 7.1. */
  @Test
  void shouldListWhatIsOpenPageByPage() {
    // given
    long first = transactions.half("one", "KEYS", "k1", "UNIQ_KEY", "U1");
    transactions.broker.clock.advance(5_000);
    long second = transactions.half("two");

    // when
    TransactionList all = list(new ListTransactionsHeader(null, 0, false, -1, 100));
    TransactionList rest = list(new ListTransactionsHeader(GROUP, 0, false, first, 100));
    TransactionList old = list(new ListTransactionsHeader(null, 1_000, false, -1, 100));
    TransactionList others = list(new ListTransactionsHeader("others", 0, false, -1, 100));

    // then
    assertThat(all.list()).extracting(TransactionEntry::id).containsExactly(first, second);
    assertThat(all.open()).isEqualTo(2);
    assertThat(all.transactions()).isEqualTo(2);
    assertThat(all.oldestAgeMillis()).isEqualTo(5_000);
    assertThat(transactions.metric("escrowmq_transaction_oldest_millis")).isEqualTo(5_000);
    assertThat(rest.list()).extracting(TransactionEntry::id).containsExactly(second);
    assertThat(old.list()).extracting(TransactionEntry::id).containsExactly(first);
    assertThat(others.list()).isEmpty();
    TransactionEntry entry = all.list().get(0);
    assertThat(entry.state()).isEqualTo(TransactionEntry.State.IN_DOUBT);
    assertThat(entry.group()).isEqualTo(GROUP);
    assertThat(entry.halves()).hasSize(1);
    assertThat(entry.halves().get(0).topic()).isEqualTo(TOPIC);
    assertThat(entry.halves().get(0).keys()).isEqualTo("k1");
    assertThat(entry.halves().get(0).uniqueKey()).isEqualTo("U1");
    assertThat(entry.client()).endsWith(":50000");
  }

  @Test
  void shouldListNoMoreThanFitsAnAnswer() {
    FakeCall refused = transactions.ask(
        RequestCode.LIST_TRANSACTIONS, new ListTransactionsHeader(null, 0, false, -1, 1001));

    assertThat(refused.reply().remark()).contains("most is 1001, 1 to 1000 are allowed");
  }

  /** 7.2. */
  @Test
  void shouldRecordWhoDecidedAndWhy() {
    // given
    long id = transactions.half("body");

    // when
    FakeCall ordered = transactions.order(id, TRANSACTION_COMMIT);
    FakeCall late = transactions.end(id, TRANSACTION_ROLLBACK);

    // then
    assertThat(ordered.replyFields()).containsEntry("decidedBy", "OPERATOR");
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
    assertThat(late.reply().remark()).contains("by an operator");
    TransactionEntry shown = show(id);
    assertThat(shown.state()).isEqualTo(TransactionEntry.State.COMMITTED);
    assertThat(shown.group()).isEqualTo(GROUP);
    TransactionEntry.Verdict decision = shown.decision();
    assertThat(decision).isNotNull();
    assertThat(decision.who()).isEqualTo("ann");
    assertThat(decision.reason()).isEqualTo("order 17 was paid");
  }

  @Test
  void shouldShowWhatIsOpenAndWhatWasNeverThere() {
    // given
    long id = transactions.half("body");

    // when
    TransactionEntry shown = show(id);
    FakeCall nothing =
        transactions.ask(RequestCode.SHOW_TRANSACTION, new TransactionIdHeader(id + 8));

    // then
    assertThat(shown.state()).isEqualTo(TransactionEntry.State.IN_DOUBT);
    assertThat(shown.decision()).isNull();
    assertThat(nothing.replyCode()).isEqualTo(ResponseCode.TRANSACTION_NOT_OPEN);
  }

  @Test
  void shouldRefuseAnOrderThatIsNone() {
    // given
    long id = transactions.half("body");

    // when
    FakeCall unknown = transactions.order(id, TRANSACTION_NONE);
    FakeCall longReason = transactions.ask(
        RequestCode.ORDER_TRANSACTION,
        new OrderTransactionHeader(id, TRANSACTION_COMMIT, "ann", "x".repeat(1001)));

    // then
    assertThat(unknown.replyCode()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(longReason.reply().remark()).contains("the reason 1001", "at most 80 and 1000");
    assertThat(transactions.metric("escrowmq_transactions_open")).isEqualTo(1);
  }

  /** 7.3. */
  @Test
  void shouldAskAnewWhenAnOperatorWantsIt() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id = transactions.sendHalf(sender, TOPIC, 1, "body").sentPosition();
    transactions.advance(24 * 3_600_000);
    int before = sender.notified().size();

    // when
    FakeCall recheck =
        transactions.ask(RequestCode.RECHECK_TRANSACTION, new RecheckTransactionHeader(id, "ann"));
    transactions.advance(1_000);
    FakeCall nothing = transactions.ask(
        RequestCode.RECHECK_TRANSACTION, new RecheckTransactionHeader(id + 8, "ann"));

    // then
    assertThat(recheck.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(sender.notified()).hasSize(before + 1);
    assertThat(show(id).state()).isEqualTo(TransactionEntry.State.IN_DOUBT);
    assertThat(nothing.replyCode()).isEqualTo(ResponseCode.TRANSACTION_NOT_OPEN);
  }

  /** 4.9. */
  @Test
  void shouldLeaveWhatATransactionManagerPreparedToThatManagerAlone() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    long id =
        transactions.sendHalf(sender, TOPIC, 1, "body", "ESCROW_XA", "true").sentPosition();

    // when
    transactions.advance(90L * 24 * 3_600_000);
    FakeConnection another = transactions.producer(GROUP, "another@2", 2);
    transactions.advance(24 * 3_600_000);
    FakeCall recheck =
        transactions.ask(RequestCode.RECHECK_TRANSACTION, new RecheckTransactionHeader(id, "ann"));

    // then
    assertThat(sender.notified()).isEmpty();
    assertThat(another.notified()).isEmpty();
    assertThat(recheck.reply().remark()).contains("prepared by a transaction manager");
    assertThat(list(new ListTransactionsHeader(GROUP, 0, false, -1, 100)).list())
        .extracting(TransactionEntry::state)
        .containsExactly(TransactionEntry.State.PREPARED);
    assertThat(transactions.end(id, TRANSACTION_COMMIT).replyCode())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
  }

  private TransactionEntry show(long id) {
    FakeCall call = transactions.ask(RequestCode.SHOW_TRANSACTION, new TransactionIdHeader(id));
    return TransactionEntry.read(call.replyBody().getBytes(StandardCharsets.UTF_8));
  }

  private TransactionList list(ListTransactionsHeader header) {
    FakeCall call = transactions.ask(RequestCode.LIST_TRANSACTIONS, header);
    return TransactionList.read(call.replyBody().getBytes(StandardCharsets.UTF_8));
  }
}
