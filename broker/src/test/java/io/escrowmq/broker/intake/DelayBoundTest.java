package io.escrowmq.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.delay.DelayBound;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How many delayed messages may wait. */
class DelayBoundTest {

  private static final int MOST = 3;

  @AutoClose
  private final TestLog broker = new TestLog();

  private final List<Receipt> stored = new ArrayList<>();
  private final List<Reply> refused = new ArrayList<>();
  private final MessageIntake intake = new MessageIntake(
      broker.loop, broker.queueViews, broker.topics, new DelayBound(broker.delayed::waiting, MOST));

  DelayBoundTest() {
    broker.createTopic("orders", 1);
  }

  @Test
  void shouldTakeDelayedMessagesUpToTheBoundAndOthersBeyondIt() {
    // given
    for (int i = 0; i < MOST; i++) {
      send(60_000);
    }
    assertThat(refused).isEmpty();

    // when
    send(60_000);
    send(0);

    // then
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0).code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
    assertThat(refused.get(0).remark()).contains("3 delayed messages wait", "1 more", "at most 3");
    assertThat(stored).hasSize(MOST + 1);
  }

  @Test
  void shouldTakeMoreWhenSomeWereDelivered() {
    // given
    for (int i = 0; i < MOST + 1; i++) {
      send(60_000);
    }

    // when
    broker.clock.advance(60_000);
    broker.settle();
    send(60_000);

    // then
    assertThat(refused).hasSize(1);
    assertThat(broker.delayed.waiting()).isEqualTo(1);
  }

  @Test
  void shouldHaveRoomInAnEighthOfTheHeap() {
    assertThat(DelayBound.forHeap(() -> 0, 512 << 20, HeapBudget.unbounded()).most())
        .isEqualTo(699_050);
    assertThat(
            DelayBound.forHeap(() -> 0, Long.MAX_VALUE, HeapBudget.unbounded()).most())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void shouldLeaveRoomForWhatElseIsKept() {
    // given: half of it is for all kinds together, so 20 of these fit, and one of each kind always
    HeapBudget heap = HeapBudget.of(2 * 20 * 96);
    AtomicInteger waiting = new AtomicInteger(4);
    DelayBound bound = DelayBound.forHeap(waiting::get, 1 << 20, heap);
    heap.share("topics", 2).add(15 * 96);

    // then
    assertThat(bound.refusal(1)).isNull();
    assertThat(bound.refusal(2)).isNotNull().satisfies(refusal -> {
      Reply reply = RefusalPage.reply(refusal);
      assertThat(reply.code()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(reply.remark()).contains("together", "half of the broker's heap");
    });
  }

  private void send(long delayMillis) {
    long now = broker.clock.millis();
    byte[] message = TestMessages.encode(
        broker.forge,
        "orders",
        0,
        0,
        0,
        now,
        TestLog.STORE_HOST,
        0,
        ByteBuffer.allocate(10),
        broker.forge.complete(""));
    intake.offer(
        "orders",
        null,
        0,
        EncodedMessages.of(message),
        delayMillis == 0 ? 0 : now + delayMillis,
        new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            stored.add(where);
          }

          @Override
          public void refused(Refusal why) {
            refused.add(RefusalPage.reply(why));
          }
        });
    broker.settle();
  }
}
