package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class BrokerClockTest {

  private static final long BEGIN = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;

  private final ManualClock machine = new ManualClock(BEGIN);
  private final BrokerClock clock = new BrokerClock(machine, machine.ticker());
  private final Logger logger = (Logger) LoggerFactory.getLogger(BrokerClock.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

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

  @ParameterizedTest
  @ValueSource(
      longs = {1, 24, 240, 24 * 365 * 56}) // the last one: first set after its start in 1970
  void shouldGainAMinuteEachSecondHoweverFarTheLeapIs(long hours) {
    // given
    machine.jump(hours * HOUR);

    for (int second = 0; second < 59; second++) {
      // when
      long before = clock.millis();
      run(1_000);

      // then
      assertThat(clock.millis() - before).isEqualTo(61_000);
    }
  }

  @Test
  void shouldAgreeFourHoursAfterALeapOfTenDays() {
    // given
    machine.jump(240 * HOUR);

    // when
    run(4 * HOUR);

    // then
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }

  @Test
  void shouldSayHowFarTheClockLeaptHowLongItIsFollowedAndWhatToDo() {
    // when
    machine.jump(240 * HOUR);
    run(250);

    // then
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(lines.list.get(0).getFormattedMessage())
        .isEqualTo(
            "the machine's clock jumped forward and is now 864000 s ahead of the broker's time,"
                + " at 2023-11-24T22:13:20.250Z: the broker's time gains a minute each second until both"
                + " agree, in about 14400 s, and delayed messages become due on the way. If the clock is"
                + " wrong, set it right now; if it is right and this is too slow, restart the broker,"
                + " which then begins with it");
  }

  @Test
  void shouldGoOnFromWhatIsInTheLogAtHalfSpeedAndSaySo() {
    // when: the clock had been ahead
    clock.goOnFrom(BEGIN + HOUR);
    long start = clock.millis();
    run(HOUR);
    long later = clock.millis();
    run(HOUR);

    // then
    assertThat(start).isEqualTo(BEGIN + HOUR);
    assertThat(later).isEqualTo(BEGIN + HOUR + HOUR / 2);
    assertThat(clock.millis()).isEqualTo(machine.millis());
    assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(lines.list.get(0).getFormattedMessage())
        .isEqualTo(
            "the machine's clock says 2023-11-14T22:13:20Z, but the newest message was recorded"
                + " at 2023-11-14T23:13:20Z, 3600 s later: the clock was ahead then, or is behind now."
                + " The broker's time goes on from the later one, and runs at half speed until both"
                + " agree, in about 7200 s: until then a delayed message takes up to twice its delay. If"
                + " the clock is behind, set it right now");
    assertThat(lines.list.get(lines.list.size() - 1).getFormattedMessage())
        .isEqualTo("the broker's time and the machine's clock agree again");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, BEGIN - 10 * HOUR, BEGIN})
  void shouldBeginWithTheWallClockWhenNothingInTheLogIsLater(long recorded) {
    // when
    clock.goOnFrom(recorded);

    // then
    assertThat(clock.millis()).isEqualTo(BEGIN);
    assertThat(lines.list).isEmpty();
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
      assertThat(now - last)
          .as("seed %s, step %s, %s ms passed", seed, step, passed)
          .isBetween(passed / 2 - 1, passed + Math.max(1000, 650 * 60));
      last = now;
      lastTick = tick;
    }
    run(24 * HOUR);
    run(2 * Math.max(0, clock.millis() - machine.millis()) + 1000);
    assertThat(clock.millis()).as("seed %s", seed).isEqualTo(machine.millis());
  }
}
