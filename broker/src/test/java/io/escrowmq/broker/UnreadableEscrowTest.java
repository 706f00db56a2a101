package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A delayed message lies on a part of the disk that can never be read again: it is waited for as long again
 * as its segment would be kept, then it is given up, by name, and the segments behind it go.
 */
class UnreadableEscrowTest {

  private static final Path FIRST_SEGMENT = Path.of("/data/log/00000000000000000000.log");
  private static final int SEGMENT_BYTES = 256 * 1024;
  private static final int RETENTION_HOURS = (int) TurnedBroker.RETENTION.toHours();

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);

  private TurnedBroker start(long keepBytes) {
    return new TurnedBroker(files, clock, SEGMENT_BYTES, keepBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 60}) // due at once, while its segment is kept for it, later than that
  void shouldGiveUpWhatCannotBeReadForTwiceTheRetention(int dueHours) {
    // given
    TurnedBroker broker = start(0);
    long lost = broker.send(100, clock.millis() + dueHours * TurnedBroker.HOUR_MILLIS);
    fillTheFirstSegment(broker);
    broker.send(100, clock.millis() + 3 * TurnedBroker.HOUR_MILLIS);
    cannotBeRead();

    // when
    broker.letHoursGoBy(2 * RETENTION_HOURS - 1);
    int waitingBefore = broker.state.delays.delayed().waiting();
    long countBefore = broker.state.store.unreadable().count();
    long startBefore = broker.state.store.log().start();
    broker.letHoursGoBy(2);

    // then
    assertThat(waitingBefore).as("it may be read again").isOne();
    assertThat(countBefore).isZero();
    assertThat(startBefore).as("its segment is kept").isZero();
    assertThat(broker.state.delays.delayed().waiting()).isZero();
    assertThat(broker.state.store.unreadable().count()).isOne();
    assertThat(broker.state.store.unreadable().latest())
        .extracting(UnreadableMessages.Entry::position)
        .containsExactly(lost);
    assertThat(broker.state.store.log().start()).as("nothing is kept for it").isGreaterThan(lost);
    assertThat(broker.visible(0)).as("the other one was delivered").isOne();
    assertThat(broker.loop.stopped()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 9})
  void shouldGiveItUpWhenTheLogIsTwiceAsLongAsIsKept(int segments) {
    // given
    TurnedBroker broker = start((long) segments * SEGMENT_BYTES);
    broker.send(100, clock.millis() + 70 * TurnedBroker.HOUR_MILLIS);
    fillTheFirstSegment(broker);
    cannotBeRead();

    // when
    long longest = 0;
    for (int hour = 0; hour < 2 * RETENTION_HOURS - 2; hour++) {
      broker.letHoursGoBy(1);
      for (int i = 0; i < 10; i++) {
        broker.send(30_000, 0);
      }
      longest = Math.max(
          longest, broker.state.store.log().end() - broker.state.store.log().start());
    }

    // then
    assertThat(broker.state.store.unreadable().count()).isOne();
    assertThat(longest)
        .isBetween(2L * segments * SEGMENT_BYTES, (2L * segments + 4) * SEGMENT_BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 15, 19})
  void shouldDeliverWhatCanBeReadAgainInTime(int unreadableHours) {
    // given
    TurnedBroker broker = start(0);
    broker.send(100, clock.millis() + TurnedBroker.HOUR_MILLIS);
    fillTheFirstSegment(broker);
    cannotBeRead();
    broker.letHoursGoBy(unreadableHours);

    // when
    files.fault((operation, file) -> {});
    broker.letHoursGoBy(1);

    // then
    assertThat(broker.visible(0)).isOne();
    assertThat(broker.state.store.unreadable().count()).isZero();
    broker.letHoursGoBy(2 * RETENTION_HOURS);
    assertThat(broker.state.store.log().start()).isPositive();
  }

  /** The mapping of a file fails for a moment, just when the retention was lowered. */
  @Test
  void shouldNotGiveUpWhatFailsForAMoment() {
    // given
    TurnedBroker broker = start(0);
    broker.send(100, clock.millis() + 12 * TurnedBroker.HOUR_MILLIS);
    fillTheFirstSegment(broker);
    broker.letHoursGoBy(3);

    // when
    broker
        .state
        .host()
        .settings()
        .retention()
        .change(new RetentionSettings(Duration.ofHours(1), Long.MAX_VALUE));
    cannotBeRead();
    for (int step = 0; step < 60; step++) {
      clock.advance(10_000);
      broker.turn();
    }
    files.fault((operation, file) -> {});
    broker.letHoursGoBy(12);

    // then
    assertThat(broker.state.store.unreadable().count()).isZero();
    assertThat(broker.visible(0)).isOne();
  }

  private void cannotBeRead() {
    files.fault((operation, file) -> {
      if ((operation == Operation.MAP || operation == Operation.READ)
          && file.endsWith(FIRST_SEGMENT.getFileName())) {
        throw new StorageException(
            StorageException.Reason.IO, "could not read " + file + ": Input/output error");
      }
    });
  }

  private void fillTheFirstSegment(TurnedBroker broker) {
    while (broker.state.store.log().segments().size() < 2) {
      broker.sendOther();
    }
  }
}
