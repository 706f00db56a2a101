package io.escrowmq.client.handle;

import static io.escrowmq.client.pull.StoredMessages.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Verdict;
import io.escrowmq.client.pull.ConsumerLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OrderedQueueTest extends BacklogQueueContract {

  private boolean held = true;

  @Override
  OrderedQueue queue(ConsumerLimits limits) {
    OrderedQueue queue =
        new OrderedQueue(QUEUE, Set.of(), around.parts(limits), around, around.timer, () -> held);
    around.woken = queue;
    queue.begin(10);
    return queue;
  }

  private OrderedQueue queue() {
    return queue(ConsumerLimits.DEFAULT);
  }

  @Test
  void shouldHandleOneAfterTheOther() {
    // given
    OrderedQueue queue = queue();
    List<Integer> threads = new ArrayList<>();
    around.whileHandling.put("m11", () -> threads.add(around.threads.size()));

    // when
    around.bring(14);
    around.work();

    // then
    assertThat(around.handled).containsExactly("m10#1", "m11#1", "m12#1", "m13#1");
    assertThat(threads).as("others that could work while m11 is handled").containsExactly(0);
    assertThat(queue.done()).isEqualTo(14);
  }

  @Test
  void shouldRepeatBeforeItGoesOn() {
    // given
    OrderedQueue queue = queue();
    around.verdicts.put("m10", Verdict.retry());
    around.bring(12);
    around.work();
    List<String> before = List.copyOf(around.handled);

    // when
    around.verdicts.clear();
    around.timer.advance(Duration.ofSeconds(1));
    around.work();

    // then
    assertThat(before).containsExactly("m10#1");
    assertThat(around.handled).containsExactly("m10#1", "m10#2", "m11#1");
    assertThat(around.givenBack).isEmpty();
    assertThat(queue.done()).isEqualTo(12);
  }

  @Test
  void shouldWaitAsLongAsTheHandlerSays() {
    // given
    queue();
    around.verdicts.put("m10", Verdict.retryAfter(Duration.ofMillis(7)));
    around.bring(11);
    around.work();

    // when
    around.timer.advance(Duration.ofMillis(6));
    around.work();
    int early = around.handled.size();
    around.timer.advance(Duration.ofMillis(1));
    around.work();

    // then
    assertThat(early).isEqualTo(1);
    assertThat(around.handled).containsExactly("m10#1", "m10#2");
  }

  @Test
  void shouldSetAsideAfterTheLastDelivery() {
    // given
    OrderedQueue queue = queue();
    around.maxDeliveries = 2;
    around.verdicts.put("m10", Verdict.retry());
    around.bring(12);
    around.work();

    // when
    around.timer.advance(Duration.ofSeconds(1));
    around.work();

    // then
    assertThat(around.handled).containsExactly("m10#1", "m10#2", "m11#1");
    assertThat(around.givenBack).containsExactly("m10 DEAD_LETTER");
    assertThat(queue.done()).isEqualTo(12);
  }

  @Test
  void shouldKeepAMessageThatNobodySetsAside() {
    // given
    OrderedQueue queue = queue();
    around.takesBack = false;
    around.verdicts.put("m10", Verdict.deadLetter());
    around.bring(12);
    around.work();

    // when
    around.takesBack = true;
    around.timer.advance(Duration.ofSeconds(1));
    around.work();

    // then
    assertThat(around.handled).containsExactly("m10#1", "m10#2", "m11#1");
    assertThat(around.givenBack).containsExactly("m10 DEAD_LETTER");
    assertThat(queue.done()).isEqualTo(12);
  }

  @Test
  void shouldHandleNothingWhileAnotherMayHoldTheQueue() {
    // given
    OrderedQueue queue = queue();
    held = false;
    around.bring(12);
    around.work();
    int early = around.handled.size();

    // when
    held = true;
    queue.wake();
    around.work();

    // then
    assertThat(early).isZero();
    assertThat(around.handled).containsExactly("m10#1", "m11#1");
  }

  @Test
  void shouldBeLeftOnlyAfterTheMessageInWork() {
    // given
    OrderedQueue queue = queue();
    List<Long> left = new ArrayList<>();
    List<Integer> whileInWork = new ArrayList<>();
    around.whileHandling.put("m10", () -> {
      queue.end(left::add);
      whileInWork.add(left.size());
    });

    // when
    around.bring(12);
    around.work();

    // then
    assertThat(whileInWork).containsExactly(0);
    assertThat(left).containsExactly(11L);
    assertThat(around.handled).containsExactly("m10#1");
  }

  @Test
  void shouldForgetWhatItHadWhenTheQueueMoved() {
    // given
    OrderedQueue queue = queue();
    around.verdicts.put("m10", Verdict.retry());
    around.bring(14);
    around.work();

    // when
    around.moveTo(50);
    around.bring(52);
    around.timer.advance(Duration.ofSeconds(1));
    around.work();

    // then
    assertThat(around.handled).containsExactly("m10#1", "m50#1", "m51#1");
    assertThat(queue.done()).isEqualTo(52);
  }
}
