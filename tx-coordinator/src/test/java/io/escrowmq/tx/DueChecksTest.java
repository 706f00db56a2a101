package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which transactions are due to be asked about, when, and how many at once. */
class DueChecksTest {

  private final TransactionCoordinator coordinator =
      new TransactionCoordinator(Facts.SCHEDULE, Bounds.NONE, 1);
  private final Facts facts = new Facts(coordinator);

  @Test
  void shouldAskOneGroupWhileAnotherHasMoreDueThanItCanBeAsked() {
    // given
    for (int i = 0; i < 10_000; i++) {
      facts.half("busy", 0);
    }
    long calm = facts.half("calm", 0);

    // when
    List<Effect> effects = new ArrayList<>();
    while (coordinator.nextTick() <= 6_000) {
      effects.addAll(coordinator.onTick(6_000));
    }

    // then
    assertThat(effects).hasSize(TransactionCoordinator.ASKED_AT_ONCE + 1);
    assertThat(effects).extracting(Effect::id).contains(calm);
  }

  @Test
  void shouldMoveABoundedNumberInOneCallAndNoneTwiceWhenAllAreOverdueAtTheStart() {
    // given: a broker that was down for long
    int many = 100_000;
    coordinator.startAt(1L << 40);
    for (int i = 0; i < many; i++) {
      facts.half("busy", 0);
    }

    // when
    int calls = 0;
    while (coordinator.nextTick() <= 1L << 40) {
      coordinator.onTick(1L << 40);
      calls++;
    }

    // then
    assertThat(calls).isBetween(many / 10_000, many / 10_000 + 1);
  }

  @Test
  void shouldAskEveryOneOfManyThatAreDueAtOnceWithoutFloodingTheProducer() {
    // given
    int many = 10_000;
    for (int i = 0; i < many; i++) {
      facts.half("busy", 0);
    }

    // when
    List<Long> asked = new ArrayList<>();
    long now = 6_000;
    while (asked.size() < many) {
      for (Effect effect : coordinator.onTick(now)) {
        asked.add(effect.id());
        coordinator.applyAsked(effect.id(), now + 1_000_000);
      }
      now = coordinator.nextTick();
    }

    // then
    assertThat(asked).doesNotHaveDuplicates();
    assertThat(now).isBetween(6_000 + 4_900L, 6_000 + 5_100L);
  }

  /** However many groups there are, a turn of the log is short; who is left over comes next. */
  @Test
  void shouldAskOnlySoManyAtOnceAndAllOthersAtTheNextCall() {
    // given
    for (int group = 0; group < 6; group++) {
      for (int i = 0; i < TransactionCoordinator.ASKED_AT_ONCE; i++) {
        facts.half("group " + group, 0);
      }
    }

    // when
    List<Effect> first = coordinator.onTick(6_000);
    long next = coordinator.nextTick();
    List<Effect> second = coordinator.onTick(6_000);

    // then
    assertThat(first).hasSize(1_000);
    assertThat(next).isLessThanOrEqualTo(6_000);
    assertThat(second)
        .hasSize(TransactionCoordinator.ASKED_AT_ONCE)
        .allMatch(effect -> effect.toString().contains("group 5"));
  }

  @Test
  void shouldLeaveOthersMovingWhileOneCannotBeRecorded() {
    // given
    long stuck = facts.half("g", 0);
    long other = facts.half("g", 50);

    // when
    List<Effect> first = coordinator.onTick(6_000);
    List<Effect> second = coordinator.onTick(6_100);

    // then
    assertThat(first).extracting(Effect::id).containsExactly(stuck);
    assertThat(second).extracting(Effect::id).containsExactly(stuck, other);
  }

  /** Records carry the time of a clock that is steered; what is due must not wait for that clock. */
  @Test
  void shouldAskByTicksHoweverFarTheClockOfTheRecordsIsAhead() {
    // given
    coordinator.clockIsAhead(3_600_000);
    long first = facts.half("g", 3_600_000); // recorded at tick 0

    // when
    List<Effect> early = coordinator.onTick(5_999);
    List<Effect> due = coordinator.onTick(6_000);
    coordinator.applyAsked(first, ((Effect.Ask) due.get(0)).nextMillis());

    // then
    assertThat(early).isEmpty();
    assertThat(due).extracting(Effect::id).containsExactly(first);
    assertThat(((Effect.Ask) due.get(0)).nextMillis()).isEqualTo(3_600_000 + 6_000 + 10_000);
    assertThat(coordinator.onTick(15_900)).isEmpty();
    assertThat(coordinator.onTick(16_000)).extracting(Effect::id).containsExactly(first);
  }

  @Test
  void shouldAskAtTheLatestWhenTheScheduleSaysThoughAClockWasAheadBeforeTheRestart() {
    // given
    long hour = 3_600_000;
    long unasked = facts.half("g", hour);
    long asked = facts.half("h", 0);
    coordinator.applyAsked(asked, hour + 10_000);
    facts.half("x", 1_000, 90 * hour); // wants to be left alone for long

    // when
    coordinator.boundChecks(2_000);

    // then
    assertThat(coordinator.onTick(7_999)).isEmpty();
    assertThat(coordinator.onTick(8_000)).extracting(Effect::id).containsExactly(unasked);
    assertThat(coordinator.onTick(12_000)).extracting(Effect::id).contains(asked);
    assertThat(coordinator.find(asked).nextCheckMillis()).isEqualTo(12_000);
  }

  /** A state that was written then would differ from what the records give. */
  @Test
  void shouldKeepTheRecordedTimesOfChecksThatItBoundsAfterARestart() throws IOException {
    // given
    long asked = facts.half("h", 0);
    coordinator.applyAsked(asked, 3_600_000);
    byte[] before = image();

    // when
    coordinator.boundChecks(2_000);

    // then
    assertThat(coordinator.find(asked).nextCheckMillis()).isEqualTo(12_000);
    assertThat(image()).isEqualTo(before);
  }

  private byte[] image() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CoordinatorImage image = coordinator.beginImage();
    while (!image.take()) {
      // each step is bounded
    }
    image.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void shouldHaveNothingDueWhenWhatWasDueIsDecided() {
    // given
    long id = facts.half("g", 0);
    coordinator.onTick(6_000);

    // when
    facts.decide(id);

    // then
    assertThat(coordinator.nextTick()).isEqualTo(Long.MAX_VALUE);
  }
}
