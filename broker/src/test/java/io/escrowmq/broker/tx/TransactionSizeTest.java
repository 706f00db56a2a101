package io.escrowmq.broker.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.send.EncodedMessages;
import io.escrowmq.broker.send.HalfTerms;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.Half;
import io.escrowmq.tx.TransactionCoordinator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** 5.1: the decision of a transaction has to fit one record. */
class TransactionSizeTest {

  private static final int MOST = 4096;

  private final TransactionCoordinator coordinator = new TransactionCoordinator(
      TransactionSettings.DEFAULT.schedule(), new Bounds(10_000, 1 << 30, 10_000, 1 << 30), 1);

  @Test
  void shouldTakeOneMoreUpToTheBoundAndThenSayWhichTransactionIsFull() {
    // given
    for (int i = 1; i < MOST; i++) {
      coordinator.apply(new Half(8L * i, 8, i == 1 ? "t" : null, "g", 200, 0, Half.NEVER));
    }

    // when
    Reply last = refusalOfOneMore();
    coordinator.apply(new Half(8L * MOST, 8, null, "g", 200, 0, Half.NEVER));
    Reply tooMany = refusalOfOneMore();

    // then
    assertThat(last).isNull();
    assertThat(tooMany).isNotNull();
    assertThat(tooMany.code()).isEqualTo(ResponseCode.MESSAGE_ILLEGAL);
    assertThat(tooMany.remark())
        .isEqualTo("the transaction t of 4096 half-messages, and 1 more; it may have 4096 at most,"
            + " use more transactions");
  }

  private @Nullable Reply refusalOfOneMore() {
    HalfRecording.Origin origin = new HalfRecording.Origin(
        HalfTerms.of("PGROUP\u0001g\u0002ESCROW_TX\u0001t\u0002"), 1, HalfRecord.NEVER);
    return new HalfRecording(coordinator, origin, 0, EncodedMessages.of(new byte[200]))
        .refusal(300);
  }
}
