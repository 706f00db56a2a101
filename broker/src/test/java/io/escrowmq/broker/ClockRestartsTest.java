package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import io.escrowmq.tx.OpenTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lives of a broker that end in order or not, while the machine's clock is set back and forth by days,
 * also when the broker is down.
 */
class ClockRestartsTest {

  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long[] JUMPS = {-10 * DAY, -DAY, -HOUR, HOUR, DAY, 10 * DAY};
  private static final long DELAY = 10_000;
  private static final int LONGEST_STEP = 250;
  private static final long LATE = 2 * LONGEST_STEP;
  private static final int BYTES = 100;

  /** A half-message that nobody decides, and until when its producer is to be asked again. */
  private static final class OpenHalf {
    private final long id;
    private long dueTick;
    private int checks;

    OpenHalf(long id, long dueTick) {
      this.id = id;
      this.dueTick = dueTick;
    }
  }

  private final ManualClock machine = new ManualClock(1_700_000_000_000L);
  private final List<Long> delays = new ArrayList<>(); // until when each is to be visible
  private final List<OpenHalf> undecided = new ArrayList<>();
  private String at = "";

  private SimulatedFileSystem files = new SimulatedFileSystem(1);
  private TurnedBroker broker;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldKeepItsTimesThroughLeapsAndRestarts(long seed) {
    Random random = new Random(seed);
    files = new SimulatedFileSystem(seed);
    for (int life = 0; life < 9; life++) {
      // given: leaps also while it is down; each third life has the right time throughout
      at = "seed " + seed + ", life " + life;
      boolean isRight = life % 3 == 2;
      if (isRight) {
        setRight();
      } else if (random.nextBoolean()) {
        machine.jump(JUMPS[random.nextInt(JUMPS.length)]);
      }
      start();

      // when // then
      int steps = 300 + random.nextInt(300);
      for (int step = 0; step < steps; step++) {
        if (!isRight && random.nextInt(100) == 0) {
          machine.jump(JUMPS[random.nextInt(JUMPS.length)]);
        }
        work(random);
        step(1 + random.nextInt(LONGEST_STEP));
      }
      end(random.nextBoolean());
    }
    setRight();
    start();
    for (long passed = 0; passed < 2 * DELAY + LATE; passed += LONGEST_STEP) {
      step(LONGEST_STEP);
    }
    assertThat(broker.visible(0)).as(at).isEqualTo(delays.size());
    assertThat(broker.state.store.log().start())
        .as("%s: retention followed no leap", at)
        .isZero();
  }

  /** As it was seen: a retry waited for ten days after the clock was set right and the broker started. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldDeliverWithinTwiceTheDelayWhenTheClockWasAheadOfTheRestart(boolean inOrder) {
    // given
    machine.jump(10 * DAY);
    start();
    send();
    end(inOrder);

    // when
    setRight();
    start();
    for (long passed = 0; passed < 2 * DELAY - LATE; passed += LONGEST_STEP) {
      step(LONGEST_STEP);
    }
    long before = broker.visible(0);
    for (long passed = 0; passed < 2 * LATE; passed += LONGEST_STEP) {
      step(LONGEST_STEP);
    }

    // then
    assertThat(before).isZero();
    assertThat(broker.visible(0)).isOne();
  }

  @Test
  void shouldBelieveTheClockAfterAnOutage() {
    // given
    start();
    send();
    end(true);

    // when
    machine.jump(DAY);
    start();
    step(LONGEST_STEP);

    // then
    assertThat(broker.visible(0)).isOne();
    assertThat(broker.time.millis()).isEqualTo(machine.millis());
  }

  private void setRight() {
    machine.jump(machine.ticker().millis() - machine.millis());
  }

  private void start() {
    broker = new TurnedBroker(files, machine, 1 << 20, Long.MAX_VALUE);
    broker.clients.registerProducer(
        TurnedBroker.GROUP, TestMembers.of("p", new FakeConnection(1), 0));
    long tick = machine.ticker().millis();
    delays.replaceAll(until -> Math.max(until, tick + 2 * DELAY + LATE));
    for (OpenHalf one : undecided) {
      one.checks = open(one).checks();
      one.dueTick = tick + pauseAfter(one.checks);
    }
  }

  private void end(boolean inOrder) {
    if (inOrder) {
      broker.stop();
    } else {
      files.kill();
    }
  }

  private void step(long millis) {
    machine.advance(millis);
    broker.turn();
    assertDelaysEnd();
    assertChecksGoOn();
    assertStoreTimesNeverGoBack();
  }

  private void work(Random random) {
    switch (random.nextInt(12)) {
      case 0 -> send();
      case 1 -> broker.sendOther();
      case 2 -> {
        if (undecided.size() < 5) {
          long id = broker.sendHalf(BYTES, "");
          undecided.add(new OpenHalf(id, machine.ticker().millis() + pauseAfter(0)));
        }
      }
      default -> {
        // nothing comes
      }
    }
  }

  private void send() {
    broker.send(BYTES, broker.time.millis() + DELAY);
    delays.add(machine.ticker().millis() + 2 * DELAY + LATE);
  }

  private void assertDelaysEnd() {
    for (int i = (int) broker.visible(0); i < delays.size(); i++) {
      assertThat(machine.ticker().millis()).as("%s, delay %s", at, i).isLessThan(delays.get(i));
    }
  }

  private void assertChecksGoOn() {
    long tick = machine.ticker().millis();
    for (OpenHalf one : undecided) {
      int checks = open(one).checks();
      if (checks > one.checks) {
        one.checks = checks;
        one.dueTick = tick + pauseAfter(checks);
      }
      assertThat(tick).as("%s, check %s", at, one.checks).isLessThan(one.dueTick + 2 * LATE);
    }
  }

  private OpenTransaction open(OpenHalf one) {
    return Objects.requireNonNull(
        broker.state.transactions.transactions().coordinator().find(one.id), at);
  }

  // As the schedule has it: 6 s, then 10 s, 20 s, 40 s and so on.
  private static long pauseAfter(int checks) {
    return checks == 0 ? 6_000 : Math.min(10_000L << (checks - 1), 600_000);
  }

  private final long[] seen = new long[3]; // how far each queue was looked at
  private final long[] newest = new long[3];

  private void assertStoreTimesNeverGoBack() {
    QueueEntries entries = new QueueEntries(1);
    for (int id = 0; id < seen.length; id++) {
      ConsumeQueue queue = broker.state.store.queues().find(TurnedBroker.TOPIC, id);
      for (; queue != null && seen[id] < queue.maxOffset(); seen[id]++) {
        queue.read(seen[id], entries);
        assertThat(entries.storeTimeMillis(0))
            .as("%s, queue %s", at, id)
            .isGreaterThanOrEqualTo(newest[id]);
        newest[id] = entries.storeTimeMillis(0);
      }
    }
  }
}
