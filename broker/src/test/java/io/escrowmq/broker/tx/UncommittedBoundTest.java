package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.CommitLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No follower for long: what is recorded without one is bounded, and goes on when one is back. */
class UncommittedBoundTest {

  private static final int MOST = 64_000;
  private static final int OWN_BYTES = 1_000; // what the log may add to a record
  private static final int DELAYED = 0; // a queue for each kind
  private static final int HALVES = 1;
  private static final int PLAIN = 2;

  private final TestTransactions transactions = new TestTransactions();
  private final TestLog broker = transactions.broker;
  private final CommitLog log = broker.log;

  @BeforeEach
  void awaitReplicas() {
    log.awaitReplicas();
    log.room().mostUncommitted(MOST);
    replicate();
  }

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldKeepAPartForDecisionsAndDoTheRestWhenAFollowerIsBack() {
    // given
    long half = transactions.half("body");
    transactions.sendPlain(TOPIC, DELAYED, "later", PropertyNames.DELAY, "1");
    replicate();
    fill();
    broker.offsets.report("group", TOPIC, PLAIN, 1);

    // when
    transactions.advance(10_000);
    FakeCall decision = transactions.end(half, TRANSACTION_COMMIT);

    // then
    assertThat(decision.replyFields()).containsEntry("verdict", "COMMIT");
    assertThat(broker.delayed.visiblyWaiting()).isOne();
    assertThat(broker.offsets.nextMillis())
        .as("is still to be recorded")
        .isLessThan(Long.MAX_VALUE);

    // when
    replicate();
    transactions.advance(10_000);

    // then
    assertThat(broker.offsets.nextMillis()).isEqualTo(Long.MAX_VALUE);
    replicate();
    assertThat(broker.delayed.visiblyWaiting()).isZero();
    assertThat(transactions.visible(TOPIC, DELAYED)).hasSize(1);
    assertThat(transactions.visible(TOPIC, HALVES)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldNeverRecordMoreAndLoseNothingThatWasTaken(long seed) {
    // given
    Random random = new Random(seed);
    FakeConnection producer = new FakeConnection(50_000);
    List<Long> open = new ArrayList<>();
    int plain = 0;
    int delayed = 0;
    int committed = 0;
    int refused = 0;

    // when
    for (int i = 0; i < 1_500; i++) {
      String body = "x".repeat(random.nextInt(1_000));
      switch (random.nextInt(7)) {
        case 0 -> plain += isTaken(transactions.sendPlain(TOPIC, PLAIN, body));
        case 1 ->
          delayed +=
              isTaken(transactions.sendPlain(TOPIC, DELAYED, body, PropertyNames.DELAY, "1"));
        case 2 -> {
          FakeCall half = transactions.sendHalf(producer, TOPIC, HALVES, body);
          if (isTaken(half) == 1) {
            open.add(half.sentPosition());
          }
        }
        case 3 -> {
          if (!open.isEmpty()) {
            long id = open.get(random.nextInt(open.size()));
            int outcome = random.nextBoolean() ? TRANSACTION_COMMIT : TRANSACTION_ROLLBACK;
            FakeCall decision = transactions.end(id, outcome);
            if (isTaken(decision) == 1) {
              open.remove(id);
              committed += outcome == TRANSACTION_COMMIT ? 1 : 0;
            } else {
              refused++;
            }
          }
        }
        case 4 -> broker.offsets.report("group " + random.nextInt(50), TOPIC, PLAIN, i);
        case 5 -> transactions.advance(random.nextInt(2_000));
        default -> {
          if (random.nextInt(40) == 0) {
            replicate();
          }
        }
      }
      assertThat(log.end() - log.visible()).as("seed %s", seed).isLessThan(MOST + OWN_BYTES);
    }
    for (int i = 0; i < 20; i++) {
      replicate();
      transactions.advance(2_000);
    }
    replicate();

    // then
    assertThat(broker.loop.stopped()).isNull();
    assertThat(broker.offsets.nextMillis()).as("seed %s", seed).isEqualTo(Long.MAX_VALUE);
    assertThat(transactions.visible(TOPIC, PLAIN)).as("seed %s", seed).hasSize(plain);
    assertThat(transactions.visible(TOPIC, DELAYED)).as("seed %s", seed).hasSize(delayed);
    assertThat(transactions.visible(TOPIC, HALVES)).as("seed %s", seed).hasSize(committed);
    assertThat(transactions.metric("escrowmq_transactions_open")).isEqualTo(open.size());
    assertThat(transactions.metric("escrowmq_decisions_refused_total")).isEqualTo(refused);
  }

  private static int isTaken(FakeCall call) {
    if (call.replyCode() == ResponseCode.SUCCESS) {
      return 1;
    }
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(call.reply().remark()).contains("[UNDER-REPLICATED]", "at most", "followers");
    return 0;
  }

  private void replicate() {
    log.commit(log.end());
  }

  /** With marks, and leaves what is kept for decisions. */
  private void fill() {
    broker.rule(recorder -> {
      while (recorder.hasReserveRoom(CommitLog.MARK_BYTES)) {
        log.mark();
      }
    });
  }
}
