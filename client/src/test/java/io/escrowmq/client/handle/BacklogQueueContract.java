package io.escrowmq.client.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.pull.ConsumerLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every queue that is pulled ahead, in whatever order its messages are handled. */
abstract class BacklogQueueContract {

  final FakeConsumer around = new FakeConsumer();

  /** One that begins at 10. */
  abstract AssignedQueue queue(ConsumerLimits limits);

  @Test
  void shouldPullNoMoreThanItHasRoomFor() {
    // given
    queue(new ConsumerLimits(4, 1 << 20, 1 << 20));

    // when
    around.bring(14);
    int whileFull = around.pulls.size();
    around.work();

    // then
    assertThat(whileFull).isEqualTo(1);
    assertThat(around.pulls).containsExactly(10L, 14L);
  }

  @Test
  void shouldPullNoMoreThanAllQueuesHaveRoomFor() {
    // given
    queue(new ConsumerLimits(1_000, 100, 100));

    // when
    around.bring(14);
    int whileFull = around.pulls.size();
    around.work();

    // then
    assertThat(whileFull).isEqualTo(1);
    assertThat(around.pulls).containsExactly(10L, 14L);
  }

  @Test
  void shouldBeginNothingOnceItEnded() {
    // given
    AssignedQueue queue = queue(ConsumerLimits.DEFAULT);
    around.bring(14);
    List<Long> left = new ArrayList<>();

    // when
    queue.end(left::add);
    around.work();

    // then
    assertThat(left).containsExactly(10L);
    assertThat(around.handled).isEmpty();
  }
}
