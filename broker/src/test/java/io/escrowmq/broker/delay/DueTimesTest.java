package io.escrowmq.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueTimesTest {

  private record WaitingEntry(long due, long tried, long position, int length) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldHandOutTheEarliestWhateverCameMovedAndLeftBefore(long seed) {
    // given
    Random random = new Random(seed);
    DueTimes times = new DueTimes();
    List<WaitingEntry> model = new ArrayList<>();
    long position = 0;

    for (int step = 0; step < 3000; step++) {
      // when
      position += 8 + 8L * random.nextInt(40);
      int dice = model.isEmpty() ? 0 : random.nextInt(10);
      if (dice < 5) {
        long due = random.nextInt(50);
        times.add(due, position, step);
        model.add(new WaitingEntry(due, due, position, step));
      } else if (dice < 7) {
        WaitingEntry left = model.remove(random.nextInt(model.size()));
        assertThat(times.remove(left.position()))
            .as("seed %s step %s", seed, step)
            .isTrue();
        assertThat(times.remove(left.position()))
            .as("seed %s step %s", seed, step)
            .isFalse();
      } else if (dice < 9) {
        WaitingEntry moved = model.remove(random.nextInt(model.size()));
        assertThat(times.move(moved.position(), position, step)).isTrue();
        model.add(new WaitingEntry(moved.due(), moved.tried(), position, step));
      } else {
        WaitingEntry late = model.remove(random.nextInt(model.size()));
        long until = random.nextInt(80);
        times.postpone(late.position(), until);
        model.add(new WaitingEntry(
            late.due(), Math.max(late.tried(), until), late.position(), late.length()));
      }

      // then
      assertSame(seed, step, times, model);
    }
  }

  @Test
  void shouldMoveABoundedNumberOfOthersHoweverManyWait() {
    // given
    DueTimes times = new DueTimes();

    // when
    int mostMoved = 0;
    for (int i = 0; i < 700_000; i++) {
      mostMoved = Math.max(mostMoved, times.add(i, 1_344L * i, 1_344));
    }

    // then
    assertThat(mostMoved).isLessThanOrEqualTo(4_096);
    assertThat(times.size()).isEqualTo(700_000);
    assertThat(times.due(1_344L * 699_999)).isEqualTo(699_999);
    assertThat(looksBefore(times, 1_344L * 100, Integer.MAX_VALUE)).isEqualTo(100);
    assertThat(looksBefore(times, Long.MAX_VALUE, 50)).isEqualTo(50);
  }

  private static int looksBefore(DueTimes times, long position, int most) {
    int[] looks = {0};
    times.before(position, most, (due, at, length) -> looks[0]++);
    return looks[0];
  }

  private static void assertSame(long seed, int step, DueTimes times, List<WaitingEntry> model) {
    assertThat(times.size()).as("seed %s step %s", seed, step).isEqualTo(model.size());
    if (model.isEmpty()) {
      assertThat(times.smallestPosition()).isEqualTo(Long.MAX_VALUE);
      return;
    }
    WaitingEntry first = model.stream()
        .min(
            Comparator.comparingLong(WaitingEntry::tried).thenComparingLong(WaitingEntry::position))
        .orElseThrow();
    assertThat(times.earliestPosition())
        .as("seed %s step %s", seed, step)
        .isEqualTo(first.position());
    assertThat(times.earliestTry()).isEqualTo(first.tried());
    assertThat(times.due(first.position())).isEqualTo(first.due());
    assertThat(times.length(first.position())).isEqualTo(first.length());
    if (step % 100 == 0) {
      List<List<Long>> rows = new ArrayList<>();
      times.forEach((due, position, length) -> rows.add(List.of(due, position, (long) length)));
      assertThat(rows)
          .as("seed %s step %s", seed, step)
          .containsExactlyInAnyOrderElementsOf(model.stream()
              .map(one -> List.of(one.due(), one.position(), (long) one.length()))
              .toList());
      long middle = model.get(model.size() / 2).position();
      List<Long> before = new ArrayList<>();
      times.before(middle, Integer.MAX_VALUE, (due, position, length) -> before.add(position));
      assertThat(before)
          .as("seed %s step %s", seed, step)
          .containsExactlyInAnyOrderElementsOf(model.stream()
              .map(WaitingEntry::position)
              .filter(position -> position < middle)
              .toList());
      assertThat(times.smallestPosition())
          .isEqualTo(model.stream().mapToLong(WaitingEntry::position).min().orElseThrow());
    }
  }
}
