package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.GROUP;
import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Caller;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Policy;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.store.RetentionSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A policy that throws while a decision is made, which has recorded something already. */
class FailingPolicyTest {

  private static final int HALVES = 4;
  private static final int QUESTIONS_OF_THE_GATE = 2;

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  /** Half-messages of old segments are recorded again by their commit, one by one, as the policy is asked. */
  @Test
  void shouldLeaveTheTransactionOpenAndGoOnWhicheverQuestionFails() {
    // given
    FakeConnection producer = new FakeConnection(50_000);
    for (int i = 0; i < HALVES; i++) {
      transactions.sendHalf(producer, TOPIC, 1, "body " + i, "ESCROW_TX", "order-17");
    }
    letThemAge();

    for (int failing = 1; failing <= QUESTIONS_OF_THE_GATE + HALVES; failing++) {
      // when
      long end = transactions.broker.log.end();
      FakeCall refused = decide(new Failing(failing));
      boolean hasRecorded = transactions.broker.log.end() > end;
      FakeCall sent = transactions.sendPlain(TOPIC, 0, "of another");

      // then
      assertThat(refused.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
      assertThat(refused.reply().remark()).contains("policy");
      assertThat(sent.replyCode()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(transactions.broker.loop.stopped()).isNull();
      assertThat(transactions.visible(TOPIC, 1)).isEmpty();
      assertThat(transactions.metric("escrowmq_transactions_open")).isOne();
      assertThat(hasRecorded)
          .as("question %d fails behind something that was recorded", failing)
          .isEqualTo(failing > QUESTIONS_OF_THE_GATE + 1);
    }

    // when
    FakeCall decided = decide(new Failing(Integer.MAX_VALUE));

    // then
    assertThat(decided.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 1)).hasSize(HALVES);
  }

  private void letThemAge() {
    transactions
        .broker
        .state
        .retention()
        .change(new RetentionSettings(Duration.ofHours(10), Long.MAX_VALUE));
    for (int i = 0; i < 80; i++) {
      transactions.broker.send(TOPIC, 0, "x".repeat(16_000), "", 0);
    }
    transactions.advance(6 * 3_600_000);
    transactions.broker.send(TOPIC, 0, "in a young segment", "", 0);
  }

  private FakeCall decide(Policy policy) {
    FakeCall call = new FakeCall(RequestCode.DECIDE_TRANSACTION)
        .with(
            new DecideTransactionHeader(GROUP, "order-17", TRANSACTION_COMMIT, HALVES, false, -1));
    transactions.table.behind(Gate.of(policy)).dispatch(call);
    transactions.broker.settle();
    return call;
  }

  private static final class Failing implements Policy {

    private final int failsAt;
    private int questions;

    Failing(int failsAt) {
      this.failsAt = failsAt;
    }

    @Override
    public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
      return judge();
    }

    @Override
    public @Nullable String refusal(Caller caller, Permission permission, Object said) {
      return judge();
    }

    private @Nullable String judge() {
      questions++;
      if (questions == failsAt) {
        throw new IllegalStateException("no rules");
      }
      return null;
    }
  }
}
