package io.escrowmq.broker.tx;

import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Nothing is read from the disk where the log's turn gives its answers: others wait for them. */
class SlowAnswersTest {

  private static final long MADE_UP = 1 << 30;

  @AutoClose
  private final TestTransactions transactions = new TestTransactions();

  /** Hands the request to the log, and lets the log do all that it does itself. */
  private FakeCall askTheLog(FakeCall call) {
    transactions.table.dispatch(call);
    transactions.broker.settle();
    return call;
  }

  private static FakeCall report(long id) {
    return new FakeCall(RequestCode.END_TRANSACTION)
        .with(new EndTransactionHeader(
            TestTransactions.GROUP, 0, id, TRANSACTION_COMMIT, false, "unique", null, null));
  }

  @Test
  void shouldReadTheMessagesOfAListElsewhere() {
    // given
    transactions.half("body");
    FakeCall list = askTheLog(new FakeCall(RequestCode.LIST_TRANSACTIONS)
        .with(new ListTransactionsHeader(null, 0, false, -1, 10)));
    boolean isAnsweredByTheLog = list.isAnswered();

    // when
    transactions.giveSlowAnswers();

    // then
    assertThat(isAnsweredByTheLog).isFalse();
    assertThat(list.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(list.replyBody()).contains(TestTransactions.TOPIC);
  }

  @Test
  void shouldReadWhatOneTransactionIsElsewhere() {
    // given
    long id = transactions.half("body");
    FakeCall show =
        askTheLog(new FakeCall(RequestCode.SHOW_TRANSACTION).with(new TransactionIdHeader(id)));
    boolean isAnsweredByTheLog = show.isAnswered();

    // when
    transactions.giveSlowAnswers();

    // then
    assertThat(isAnsweredByTheLog).isFalse();
    assertThat(show.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  @Test
  void shouldLookForAnOldDecisionElsewhere() {
    // given
    FakeCall report = askTheLog(report(MADE_UP));
    boolean isAnsweredByTheLog = report.isAnswered();

    // when
    transactions.giveSlowAnswers();

    // then
    assertThat(isAnsweredByTheLog).isFalse();
    assertThat(report.replyCode()).isEqualTo(ResponseCode.TRANSACTION_NOT_OPEN);
  }

  @Test
  void shouldLookForNothingWhenNobodyWaitsForTheAnswer() {
    // when
    askTheLog(report(MADE_UP).asOneWay());

    // then
    assertThat(transactions.requests.answers().hasWork()).isFalse();
  }

  @Test
  void shouldRefuseOneMoreThanMayWait() {
    // given
    List<FakeCall> waiting = new ArrayList<>();
    for (int i = 0; i < LateAnswers.MOST_WAITING; i++) {
      waiting.add(askTheLog(report(MADE_UP + i)));
    }

    // when
    FakeCall oneMore = askTheLog(report(MADE_UP));
    boolean othersWait = waiting.stream().noneMatch(FakeCall::isAnswered);
    transactions.giveSlowAnswers();

    // then
    assertThat(oneMore.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);
    assertThat(oneMore.reply().remark()).contains("256 questions");
    assertThat(othersWait).isTrue();
    assertThat(waiting).allMatch(FakeCall::isAnswered);
  }

  @Test
  void shouldReadNothingForAClientThatHasLeft() {
    // given
    FakeConnection client = new FakeConnection(1);
    FakeCall list = askTheLog(new FakeCall(RequestCode.LIST_TRANSACTIONS, client)
        .with(new ListTransactionsHeader(null, 0, false, -1, 10)));
    client.close();

    // when
    transactions.giveSlowAnswers();

    // then
    assertThat(list.isAnswered()).isFalse();
  }
}
