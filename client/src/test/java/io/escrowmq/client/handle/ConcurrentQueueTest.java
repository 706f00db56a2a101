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

final class ConcurrentQueueTest extends BacklogQueueContract {

  @Override
  ConcurrentQueue queue(ConsumerLimits limits) {
    ConcurrentQueue queue =
        new ConcurrentQueue(QUEUE, Set.of(), around.parts(limits), around, around.timer);
    around.woken = queue;
    queue.begin(10);
    return queue;
  }

  private ConcurrentQueue queue() {
    return queue(ConsumerLimits.DEFAULT);
  }

  @Test
  void shouldBeDoneUpToItsFirstMessageThatIsNot() {
    // given
    ConcurrentQueue queue = queue();
    List<Long> done = new ArrayList<>();
    around.whileHandling.put("m12", () -> done.add(queue.done()));

    // when
    around.bring(14);
    done.add(queue.done());
    around.work();

    // then
    assertThat(done).containsExactly(10L, 12L);
    assertThat(queue.done()).isEqualTo(14);
    assertThat(around.handled).containsExactly("m10#1", "m11#1", "m12#1", "m13#1");
  }

  @Test
  void shouldNotBeDoneBeyondAMessageThatIsStillInWork() {
    // given
    ConcurrentQueue queue = queue();
    List<Long> done = new ArrayList<>();
    // another thread does all the rest while the first one is at m10
    around.whileHandling.put("m10", () -> {
      around.work();
      done.add(queue.done());
    });

    // when
    around.bring(14);
    around.work();

    // then
    assertThat(around.handled).hasSize(4);
    assertThat(done).containsExactly(10L);
    assertThat(queue.done()).isEqualTo(14);
  }

  @Test
  void shouldGiveBackWhatFailed() {
    // given
    ConcurrentQueue queue = queue();
    around.verdicts.put("m10", Verdict.retry());
    around.verdicts.put("m11", Verdict.deadLetter());

    // when
    around.bring(13);
    around.work();

    // then
    assertThat(around.givenBack).containsExactly("m10 RETRY", "m11 DEAD_LETTER");
    assertThat(queue.done()).isEqualTo(13);
  }

  @Test
  void shouldTakeAnExceptionForARetry() {
    // given
    ConcurrentQueue queue = queue();
    around.whileHandling.put("m10", () -> {
      throw new IllegalStateException("the application's");
    });

    // when
    around.bring(11);
    around.work();

    // then
    assertThat(around.givenBack).containsExactly("m10 RETRY");
    assertThat(queue.done()).isEqualTo(11);
  }

  @Test
  void shouldHandleFromMemoryWhatNobodyTakesBack() {
    // given
    ConcurrentQueue queue = queue();
    around.takesBack = false;
    around.verdicts.put("m10", Verdict.retry());
    around.bring(12);
    around.work();
    long meanwhile = queue.done();

    // when
    around.verdicts.clear();
    around.timer.advance(Duration.ofSeconds(5));
    around.work();

    // then
    assertThat(meanwhile).isEqualTo(10);
    assertThat(around.handled).containsExactly("m10#1", "m11#1", "m10#2");
    assertThat(queue.done()).isEqualTo(12);
  }

  @Test
  void shouldForgetWhatItHadWhenTheQueueMoved() {
    // given
    ConcurrentQueue queue = queue();
    around.bring(14);

    // when
    around.moveTo(50);
    around.work();

    // then
    assertThat(around.handled).isEmpty();
    assertThat(queue.done()).isEqualTo(50);
    around.bring(51);
    around.work();
    assertThat(around.handled).containsExactly("m50#1");
    assertThat(queue.done()).isEqualTo(51);
  }

  @Test
  void shouldNotGiveBackWhatFailsAfterItsEnd() {
    // given: then the message belongs to another member
    ConcurrentQueue queue = queue();
    around.verdicts.put("m10", Verdict.retry());
    around.whileHandling.put("m10", () -> queue.end(done -> {}));

    // when
    around.bring(11);
    around.work();

    // then
    assertThat(around.handled).containsExactly("m10#1");
    assertThat(around.givenBack).isEmpty();
  }
}
