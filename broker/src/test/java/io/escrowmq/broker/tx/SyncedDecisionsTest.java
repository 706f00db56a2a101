package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.ResponseCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * With {@code store.flush=sync} nothing is answered, visible or asked before it is on disk; the
 * numbers are clauses of docs/half-message.md.
 */
class SyncedDecisionsTest {

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** 1.1. */
  @Test
  void shouldAcknowledgeNoHalfMessageBeforeItIsSynced() {
    // given
    transactions.broker.syncBeforeAnswers();
    FakeCall sent = transactions.sendHalf(new FakeConnection(50_000), TOPIC, 1, "body");
    boolean isAnsweredBefore = sent.isAnswered();

    // when
    transactions.broker.flush();

    // then
    assertThat(isAnsweredBefore).isFalse();
    assertThat(sent.replyCode()).isEqualTo(ResponseCode.SUCCESS);
  }

  /** 3.1, 3.3: nor what follows from it, an equal report and a contrary one. */
  @Test
  void shouldConfirmNoDecisionAndShowNothingBeforeItIsSynced() {
    // given
    long id = transactions.half("body");
    transactions.broker.syncBeforeAnswers();
    FakeCall commit = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall same = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall contrary = transactions.end(id, TRANSACTION_ROLLBACK);
    boolean isAnyAnsweredBefore = commit.isAnswered() || same.isAnswered() || contrary.isAnswered();
    int visibleBefore = transactions.visible(TOPIC, 1).size();

    // when
    transactions.broker.flush();

    // then
    assertThat(isAnyAnsweredBefore).isFalse();
    assertThat(visibleBefore).isZero();
    assertThat(commit.replyFields()).containsEntry("again", "false");
    assertThat(same.replyFields()).containsEntry("again", "true");
    assertThat(contrary.replyCode()).isEqualTo(ResponseCode.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(1);
  }

  @Test
  void shouldConfirmNoDecisionThatCouldNotBeSynced() {
    // given
    long id = transactions.half("body");
    transactions.broker.syncBeforeAnswers();
    transactions.broker.files.failSync(1);
    FakeCall commit = transactions.end(id, TRANSACTION_COMMIT);
    FakeCall same = transactions.end(id, TRANSACTION_COMMIT);

    // when
    transactions.broker.flush();

    // then
    assertThat(commit.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(same.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(transactions.visible(TOPIC, 1)).isEmpty();
    assertThat(transactions.metric("rocketmq_commit_messages_total")).isZero();
  }

  /** 4.3. */
  @Test
  void shouldAskNobodyBeforeTheCheckIsSynced() {
    // given
    FakeConnection sender = transactions.producer(GROUP, "sender@1", 1);
    transactions.sendHalf(sender, TOPIC, 1, "body");
    transactions.broker.syncBeforeAnswers();
    transactions.advance(6_000);
    int askedBefore = sender.notified().size();

    // when
    transactions.broker.flush();
    transactions.sendChecks();

    // then
    assertThat(askedBefore).isZero();
    assertThat(sender.notified()).hasSize(1);
  }
}
