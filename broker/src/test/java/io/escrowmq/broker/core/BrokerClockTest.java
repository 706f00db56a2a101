package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerClockTest {

  private static final long BEGIN = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;

  private final ManualClock machine = new ManualClock(BEGIN);
  private final BrokerClock clock = new BrokerClock(machine, machine.ticker());

  /** Lets time pass while somebody asks for it four times a second, as a broker does. */
  private void run(long millis) {
    for (long left = millis; left > 0; left -= 250) {
      machine.advance(250);
      clock.millis();
    }
  }

  @Test
  void shouldBeTheWallClockAsLongAsNobodySetsThat() {
    // when
    run(HOUR);

    // then
    assertThat(clock.millis()).isEqualTo(machine.millis());
    assertThat(clock.ticker().millis()).isEqualTo(machine.millis());
  }

  @Test
  void shouldFollowASmallStepForwardAtOnce() {
    // given
    machine.jump(900);

    // when
    run(250);

    // then
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }

  @Test
  void shouldFollowALeapByAMinuteASecond() {
    // given
    machine.jump(2 * HOUR);

    // when
    run(10_000);
    long after10Seconds = clock.millis() - BEGIN;
    run(110_000);

    // then
    assertThat(after10Seconds).isEqualTo(10_000 + 10 * 60_000);
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }

  @Test
  void shouldAgreeWithinSomeHoursHoweverFarTheLeapWas() {
    // given
    machine.jump(24L * 365 * 56 * HOUR); // set for the first time since 1970

    // when
    run(5 * HOUR);

    // then
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }

  @Test
  void shouldAllowNoLongerStepThanASecondDoesAfterNobodyAskedForAnHour() {
    // given
    machine.jump(100 * HOUR);
    machine.advance(HOUR);

    // when
    long now = clock.millis();

    // then
    assertThat(now - BEGIN).isLessThanOrEqualTo(HOUR + 6 * 60_000);
  }

  @Test
  void shouldRunAtHalfSpeedAfterTheWallClockWasSetBackUntilBothAgree() {
    // given
    machine.jump(-HOUR);
    run(250); // noticed

    // when
    long before = clock.millis();
    run(HOUR);
    long slow = clock.millis() - before;
    run(HOUR);

    // then
    assertThat(slow).isEqualTo(HOUR / 2);
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }

  @Test
  void shouldStandStillWhileTheMachineIsSuspendedAndCatchUpAfterwards() {
    // given
    machine.jump(8 * HOUR); // its ticks stood still

    // when
    run(9 * 60_000);

    // then
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldNeverGoBackAndNeverLeapWhateverIsDoneToTheWallClock(long seed) {
    // given
    Random random = new Random(seed);
    long[] jumps = {-100 * HOUR, -2 * HOUR, -HOUR, -700, -1, 1, 700, HOUR, 2 * HOUR, 100 * HOUR};
    long last = clock.millis();
    long lastTick = machine.ticker().millis();

    for (int step = 0; step < 20_000; step++) {
      // when
      if (random.nextInt(500) == 0) {
        machine.jump(jumps[random.nextInt(jumps.length)]);
      }
      machine.advance(random.nextInt(400));
      long now = clock.millis();
      long tick = machine.ticker().millis();

      // then
      long passed = tick - lastTick;
      long ahead = Math.max(0, machine.millis() - last);
      assertThat(now - last)
          .as("seed %s, step %s, %s ms passed, %s ms ahead", seed, step, passed, ahead)
          .isBetween(
              passed / 2 - 1, passed + Math.max(1000, 650 * Math.max(60, ahead / 1_000_000)));
      last = now;
      lastTick = tick;
    }
    run(24 * HOUR);
    run(2 * Math.max(0, clock.millis() - machine.millis()) + 1000);
    assertThat(clock.millis()).as("seed %s", seed).isEqualTo(machine.millis());
  }
}
