package io.escrowmq.broker.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.refusal.Refusal;
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

  private static final int MEMORY_OF_MANY = 10_000; // more than what is always taken

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

  @Test
  void shouldLeaveRoomForWhatElseTheBrokerKeeps() {
    // given: half of it is for all kinds together
    HeapBudget heap = HeapBudget.of(200_000);
    MemoryShare topics = heap.share("topics", 2);

    // then
    topics.add(100_000 - MEMORY_OF_MANY - 128);
    assertThat(refusal(heap)).isNull();
    topics.add(1);
    assertThat(refusal(heap)).isNotNull().satisfies(reply -> {
      assertThat(reply.code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(reply.remark()).contains("half of the broker's heap");
    });
  }

  private @Nullable Reply refusalOfOneMore() {
    return refusal(HeapBudget.unbounded());
  }

  private @Nullable Reply refusal(HeapBudget heap) {
    HalfRecording.Origin origin = new HalfRecording.Origin(
        HalfTerms.of("PGROUP\u0001g\u0002ESCROW_TX\u0001t\u0002"), 1, HalfRecord.NEVER);
    Refusal refusal = new HalfRecording(
            coordinator,
            heap.kind(() -> MEMORY_OF_MANY),
            origin,
            0,
            EncodedMessages.of(new byte[200]))
        .refusal(300);
    return refusal == null ? null : RefusalPage.reply(refusal);
  }
}
