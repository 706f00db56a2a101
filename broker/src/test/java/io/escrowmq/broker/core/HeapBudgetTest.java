package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeapBudgetTest {

  private final HeapBudget heap = HeapBudget.of(1_000);
  private final MemoryShare topics = heap.share("topics", 3);
  private final MemoryShare groups = heap.share("groups", 4);
  private final AtomicLong messages = new AtomicLong();

  @Test
  void shouldGiveEachKindItsPartWhileOthersTakeNothing() {
    assertThat(topics.hasRoom(333)).isTrue();
    assertThat(topics.hasRoom(334)).isFalse();
    assertThat(topics.refusal(334)).contains("the topics take about 0 bytes", "may take 333");
  }

  @Test
  void shouldBoundWhatAllKindsTakeTogether() {
    // given
    heap.count(messages::get);
    topics.add(300);
    messages.set(100);

    // then: half of the heap
    assertThat(groups.hasRoom(100)).isTrue();
    assertThat(groups.hasRoom(101)).isFalse();
    assertThat(groups.refusal(101)).contains("take about 400 bytes of memory together", "500");
    assertThat(heap.hasRoom(100)).isTrue();
    assertThat(heap.hasRoom(101)).isFalse();

    // when
    messages.set(0);

    // then
    assertThat(groups.hasRoom(200)).isTrue();
  }

  @Test
  void shouldAlwaysLetGo() {
    // given: what came from the log is never refused
    topics.add(900);

    // then
    assertThat(groups.hasRoom(-1)).isTrue();
    assertThat(groups.hasRoom(1)).isFalse();

    // when
    topics.clear();

    // then
    assertThat(groups.hasRoom(1)).isTrue();
  }
}
