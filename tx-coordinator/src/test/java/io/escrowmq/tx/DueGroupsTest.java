package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a turn costs when much is due at once: of one group, and of many groups. */
class DueGroupsTest {

  private static final CheckSchedule SCHEDULE = new CheckSchedule(6_000, 10_000, 600_000, 15);

  private final TransactionCoordinator coordinator =
      new TransactionCoordinator(SCHEDULE, Bounds.NONE, 1);
  private long lastId;

  @Test
  void shouldTouchNoneOfThemWhenAllOfAGroupBecomeDue() {
    // given
    GroupLedger group = new GroupLedger("g");
    List<Escrow> waiting = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Escrow escrow = new Escrow(i, 0, group, 100);
      waiting.add(escrow);
      if (i % 2 == 0) {
        group.cannotAsk(escrow);
      } else {
        group.suspend(escrow);
      }
    }
    List<EscrowList> before = waiting.stream().map(escrow -> escrow.list).toList();

    // when
    group.allBecomeDue();

    // then
    assertThat(waiting.stream().map(escrow -> escrow.list).toList()).isEqualTo(before);
    assertThat(group.due(2_000)).containsExactlyInAnyOrderElementsOf(waiting);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldAskAboutEachThatIsDueWhoeverComesAndGoes(long seed) {
    // given
    Random random = new Random(seed);
    GroupLedger group = new GroupLedger("g");
    TreeSet<Long> due = new TreeSet<>();
    TreeSet<Long> waiting = new TreeSet<>();

    for (int step = 0; step < 2_000; step++) {
      // when
      switch (random.nextInt(4)) {
        case 0 -> {
          Escrow escrow = new Escrow(++lastId, 0, group, 100);
          group.becomeDue(escrow);
          due.add(escrow.id);
        }
        case 1 -> {
          Escrow escrow = new Escrow(++lastId, 0, group, 100);
          group.suspend(escrow);
          waiting.add(escrow.id);
        }
        case 2 -> {
          for (Escrow first : group.due(random.nextInt(5))) {
            EscrowBook.unlist(first);
            due.remove(first.id);
            if (random.nextBoolean()) {
              group.cannotAsk(first);
              waiting.add(first.id);
            }
          }
        }
        default -> {
          group.allBecomeDue();
          due.addAll(waiting);
          waiting.clear();
        }
      }

      // then
      assertThat(group.due(Integer.MAX_VALUE))
          .as("seed %s step %s", seed, step)
          .extracting(escrow -> escrow.id)
          .containsExactlyInAnyOrderElementsOf(due);
    }
  }

  @Test
  void shouldLookAtABoundedNumberOfGroupsInATurnAndAtEachInTime() {
    // given
    int groups = 5_000;
    for (int i = 0; i < groups; i++) {
      lastId += 8;
      coordinator.apply(new Half(lastId, lastId, null, "g" + i, 100, 0, 0));
    }

    // when
    List<Integer> asked = new ArrayList<>();
    TreeSet<String> different = new TreeSet<>();
    for (int turn = 0; turn < 5; turn++) {
      List<Effect> effects = coordinator.onTick(1);
      asked.add(effects.size());
      effects.forEach(effect -> {
        different.add(((Effect.Ask) effect).group());
        coordinator.noProducer(effect.id());
      });
    }

    // then
    assertThat(asked).containsExactly(1_000, 1_000, 1_000, 1_000, 1_000);
    assertThat(different).hasSize(groups);
  }

  @Test
  void shouldAskTheGroupFirstThatWasAskedLongestAgo() {
    // given
    AskingGroups asking = new AskingGroups();
    GroupLedger late = new GroupLedger("late");
    GroupLedger early = new GroupLedger("early");
    GroupLedger also = new GroupLedger("also early");
    late.nextAskTick = 200;
    early.nextAskTick = 100;
    also.nextAskTick = 100;
    asking.add(late);
    asking.add(early);
    asking.add(also);
    asking.add(early);

    // when
    long next = asking.nextTick();
    GroupLedger tooSoon = asking.poll(99);
    List<GroupLedger> polled = List.of(asking.poll(100), asking.poll(100));
    GroupLedger none = asking.poll(100);
    asking.remove(late);

    // then
    assertThat(next).isEqualTo(100);
    assertThat(tooSoon).isNull();
    assertThat(polled).containsExactly(early, also);
    assertThat(none).isNull();
    assertThat(asking.nextTick()).isEqualTo(Long.MAX_VALUE);
  }
}
