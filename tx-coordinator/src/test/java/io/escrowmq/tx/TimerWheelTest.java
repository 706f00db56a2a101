package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {

  private static final int MOST = 3; // moves in one call

  private final GroupLedger group = new GroupLedger("g");
  private final TimerWheel wheel = new TimerWheel(MOST);
  private long ids;

  @Test
  void shouldHaveNothingToLookAtWhenEmpty() {
    assertThat(wheel.nextTick()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldHandOutWhatIsDueExactlyNow() {
    // given
    wheel.advance(1_700_000_000_000L, escrow -> {});
    Escrow escrow = due(1_700_000_000_123L);

    // when
    List<Escrow> before = advance(1_700_000_000_122L);
    List<Escrow> then = advance(1_700_000_000_123L);

    // then
    assertThat(before).isEmpty();
    assertThat(then).containsExactly(escrow);
  }

  @Test
  void shouldHandOutWhatWasDueBeforeItCame() {
    // given
    wheel.advance(5_000, escrow -> {});
    Escrow late = due(1);

    // when, then
    assertThat(wheel.nextTick()).isEqualTo(5_000);
    assertThat(advance(5_000)).containsExactly(late);
  }

  @Test
  void shouldKeepWhatIsDueInAHundredThousandYears() {
    // given
    due(Long.MAX_VALUE);

    // when
    List<Escrow> handed = advance(1L << 41);

    // then
    assertThat(handed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldAgreeWithASortedList(long seed) {
    Random random = new Random(seed);
    List<Escrow> model = new ArrayList<>();
    long now = 1_700_000_000_000L + random.nextInt(100_000);
    wheel.advance(now, escrow -> {});
    for (int step = 0; step < 3_000; step++) {
      int dice = random.nextInt(11);
      if (dice == 10) { // a call that does not come to its end
        now += 1 + random.nextInt(1 << 20);
        List<Escrow> some = new ArrayList<>();
        wheel.advance(now, some::add);
        assertThat(model).containsAll(some);
        assertThat(some).hasSizeLessThanOrEqualTo(MOST);
        for (Escrow escrow : some) {
          assertThat(escrow.dueTick).isLessThanOrEqualTo(now);
        }
        model.removeAll(some);
      } else if (dice < 5) {
        model.add(due(now + (long) Math.pow(2, random.nextInt(34)) + random.nextInt(64)));
      } else if (dice < 7 && !model.isEmpty()) {
        Escrow gone = model.remove(random.nextInt(model.size()));
        remove(gone);
      } else {
        long to = now + (long) Math.pow(2, random.nextInt(30));
        now = to;
        List<Escrow> expected =
            model.stream().filter(escrow -> escrow.dueTick <= to).toList();
        model.removeAll(expected);

        List<Escrow> handed = advance(to);

        assertThat(handed)
            .as("seed %d, step %d", seed, step)
            .containsExactlyInAnyOrderElementsOf(expected)
            .isSortedAccordingTo((a, b) -> Long.compare(a.dueTick, b.dueTick));
      }
      long next = model.stream().mapToLong(escrow -> escrow.dueTick).min().orElse(Long.MAX_VALUE);
      assertThat(wheel.nextTick())
          .as("seed %d, step %d: never later than the first", seed, step)
          .isLessThanOrEqualTo(next);
    }
  }

  private static void remove(Escrow escrow) {
    EscrowList list = escrow.list;
    if (list != null) {
      list.remove(escrow);
    }
  }

  private Escrow due(long dueTick) {
    Escrow escrow = new Escrow(++ids, 0, group, 1);
    escrow.dueTick = dueTick;
    wheel.add(escrow);
    return escrow;
  }

  private List<Escrow> advance(long nowMillis) {
    List<Escrow> handed = new ArrayList<>();
    while (wheel.nextTick() <= nowMillis) {
      int before = handed.size();
      wheel.advance(nowMillis, handed::add);
      assertThat(handed.size() - before).isLessThanOrEqualTo(MOST);
    }
    wheel.advance(nowMillis, handed::add);
    return handed;
  }
}
