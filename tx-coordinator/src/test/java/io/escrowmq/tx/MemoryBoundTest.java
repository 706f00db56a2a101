package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Half-messages are counted with the memory that they and their names take. */
class MemoryBoundTest {

  private static final CheckSchedule SCHEDULE = new CheckSchedule(6_000, 10_000, 600_000, 15);
  private static final long BYTES = 104;
  private static final long NAMED = 64;

  private long lastId;

  @Test
  void shouldTakeHalfMessagesAsLongAsThereIsMemoryAndNoMore() {
    // given: room for one of each, and for the beginning of a third
    TransactionCoordinator coordinator = new TransactionCoordinator(
        SCHEDULE, Bounds.NONE.withMemory(BYTES + BYTES + NAMED + 7 + 1), 1);
    half(coordinator, "order-7");
    half(coordinator, null);

    // when
    Admission justBelow = coordinator.onHalves("g", null, 1, 100);
    half(coordinator, null);
    Admission above = coordinator.onHalves("g", null, 1, 100);

    // then
    assertThat(justBelow).isEqualTo(new Admission.Begins());
    assertThat(above)
        .isEqualTo(new Admission.Full(
            Admission.Limit.MEMORY, 3 * BYTES + NAMED + 7, 2 * BYTES + NAMED + 8));
  }

  @Test
  void shouldGiveBackTheMemoryOfWhatIsDecided() {
    // given
    TransactionCoordinator coordinator =
        new TransactionCoordinator(SCHEDULE, Bounds.NONE.withMemory(BYTES + NAMED + 255), 1);
    long id = half(coordinator, "x".repeat(255));
    Admission full = coordinator.onHalves("g", null, 1, 100);

    // when
    coordinator.apply(new Decision(id, Verdict.COMMIT, Decider.PRODUCER, 1));

    // then
    assertThat(full).isInstanceOf(Admission.Full.class);
    assertThat(coordinator.onHalves("g", null, 1, 100)).isEqualTo(new Admission.Begins());
  }

  private long half(TransactionCoordinator coordinator, String name) {
    lastId += 8;
    coordinator.apply(new Half(lastId, lastId, name, "g", 100, 0, SCHEDULE.firstMillis()));
    return lastId;
  }
}
