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
    HeapBudget.Kind kept = heap.kind(messages::get);
    topics.add(300);
    messages.set(100);

    // then: half of the heap
    assertThat(groups.hasRoom(100)).isTrue();
    assertThat(groups.hasRoom(101)).isFalse();
    assertThat(groups.refusal(101)).contains("take about 400 bytes of memory together", "500");
    assertThat(kept.hasRoom(100)).isTrue();
    assertThat(kept.hasRoom(101)).isFalse();

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
    assertThat(groups.hasRoom(32)).isFalse();

    // when
    topics.clear();

    // then
    assertThat(groups.hasRoom(32)).isTrue();
  }

  /** Whoever fills the heap with one kind must not keep everybody from the others. */
  @Test
  void shouldAlwaysTakeALittleOfEachKind() {
    // given
    HeapBudget.Kind kept = heap.kind(messages::get);
    topics.add(900);

    // then: a thirty-second part
    assertThat(groups.hasRoom(31)).isTrue();
    assertThat(groups.hasRoom(32)).isFalse();
    assertThat(kept.hasRoom(31)).isTrue();
    assertThat(topics.hasRoom(1)).isFalse();

    // when
    groups.add(20);
    messages.set(31);

    // then
    assertThat(groups.hasRoom(11)).isTrue();
    assertThat(groups.hasRoom(12)).isFalse();
    assertThat(kept.hasRoom(1)).isFalse();
  }
}
