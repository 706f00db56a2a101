package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where half-messages in escrow lie: what retention asks, again and again, whatever moved or was decided. */
class EscrowPlacesTest {

  private final TransactionCoordinator coordinator =
      new TransactionCoordinator(new CheckSchedule(6_000, 10_000, 600_000, 15), Bounds.NONE, 1);
  private final Map<Long, Long> positions = new TreeMap<>(); // by id, of what is open
  private final Map<Long, List<Long>> open = new TreeMap<>(); // half-messages by leader
  private long end;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldFindThoseBeforeAPositionAndTheFirstOne(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 2_000; step++) {
      // when
      change(random);

      // then
      String where = "seed " + seed + " step " + step;
      assertThat(coordinator.oldestPosition())
          .as(where)
          .isEqualTo(positions.values().stream().mapToLong(at -> at).min().orElse(Long.MAX_VALUE));
      long before = random.nextLong(end + 100);
      assertThat(coordinator.storedBefore(before, Integer.MAX_VALUE))
          .as("%s before %s", where, before)
          .extracting(StoredHalf::id)
          .containsExactlyInAnyOrderElementsOf(positions.keySet().stream()
              .filter(id -> positions.get(id) < before)
              .toList());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldKnowTheirOrderAfterARestart(long seed) throws IOException {
    // given
    Random random = new Random(seed);
    for (int step = 0; step < 500; step++) {
      change(random);
    }
    TransactionCoordinator restored =
        new TransactionCoordinator(new CheckSchedule(6_000, 10_000, 600_000, 15), Bounds.NONE, 1);

    // when
    restored.restore(
        new DataInputStream(new ByteArrayInputStream(Conversation.image(coordinator))));

    // then
    assertThat(restored.oldestPosition())
        .as("seed %s", seed)
        .isEqualTo(coordinator.oldestPosition());
    assertThat(restored.storedBefore(Long.MAX_VALUE, Integer.MAX_VALUE))
        .as("seed %s", seed)
        .isEqualTo(coordinator.storedBefore(Long.MAX_VALUE, Integer.MAX_VALUE));
  }

  private void change(Random random) {
    end += 8;
    int dice = open.size() < 5 ? 0 : random.nextInt(10);
    if (dice < 3) {
      half(end);
    } else if (dice < 4) {
      half(any(random, open));
    } else if (dice < 8) {
      // those that lie first, as retention has it, and any
      long id = random.nextBoolean()
          ? coordinator.storedBefore(end, 1).get(0).id()
          : any(random, positions);
      coordinator.applyMoved(new StoredHalf(id, end, 100));
      positions.put(id, end);
    } else {
      long leader = any(random, open);
      coordinator.apply(new Decision(leader, Verdict.COMMIT, Decider.PRODUCER, 1));
      open.remove(leader).forEach(positions::remove);
    }
  }

  private void half(long leader) {
    coordinator.apply(new Half(end, leader, null, "g", 100, 0, 6_000));
    open.computeIfAbsent(leader, id -> new ArrayList<>()).add(end);
    positions.put(end, end);
  }

  private static long any(Random random, Map<Long, ?> among) {
    return List.copyOf(among.keySet()).get(random.nextInt(among.size()));
  }
}
