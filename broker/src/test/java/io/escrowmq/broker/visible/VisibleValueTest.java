package io.escrowmq.broker.visible;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VisibleValueTest {

  private long visible;
  private final VisibleValue<Integer> value = new VisibleValue<>(() -> visible, 0);

  @Test
  void shouldShowTheNewestValueOnceNothingComesAnyMore() {
    // given
    for (int i = 1; i <= 5; i++) {
      value.set(i, 10L * i);
    }

    // when // then
    assertThat(value.get()).isZero();
    visible = 51;
    assertThat(value.get()).isEqualTo(5);
  }

  @Test
  void shouldNeverShowWhatIsNotVisibleNorGoBackAndMoveOnHoweverFastRecordsCome() {
    for (int seed = 0; seed < 200; seed++) {
      // given
      Random random = new Random(seed);
      visible = 0;
      VisibleValue<Integer> fast = new VisibleValue<>(() -> visible, 0);
      TreeMap<Long, Integer> set = new TreeMap<>();
      set.put(-1L, 0);
      long end = 0;
      int last = 0;

      // when: what is visible is always some records behind
      for (int i = 1; i <= 500; i++) {
        fast.set(i, end);
        set.put(end, i);
        end += 8L * (1 + random.nextInt(4));
        visible = Math.max(visible, end - 8L * random.nextInt(40));
        int seen = fast.get();

        // then
        assertThat(seen)
            .as("seed %d", seed)
            .isLessThanOrEqualTo(set.lowerEntry(visible).getValue());
        assertThat(seen).as("seed %d", seed).isGreaterThanOrEqualTo(last);
        last = seen;
      }
      assertThat(last).as("seed %d", seed).isGreaterThan(400);
    }
  }
}
