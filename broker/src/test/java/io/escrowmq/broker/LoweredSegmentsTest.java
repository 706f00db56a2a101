package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.store.LogReader;
import io.escrowmq.store.LogSettings;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * store.segment-bytes was lowered below what a message in escrow takes: it could not be recorded again, and
 * would go with its old segment the moment it becomes visible. So a broker says what it needs, and does
 * not start with less.
 */
class LoweredSegmentsTest {

  private static final int LARGE_BYTES = 300_000;
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int LOWERED_BYTES = 128 * 1024;
  private static final int DELAY_HOURS = 40;

  /** What lies in escrow. */
  private enum KindInEscrow {
    DELAYED_MESSAGE,
    HALF_MESSAGE,
    COMMITTED_WITH_A_DELAY
  }

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final SimulatedFileSystem files = new SimulatedFileSystem(1);

  private TurnedBroker start(int segmentBytes) {
    return new TurnedBroker(files, clock, segmentBytes, 0);
  }

  @ParameterizedTest
  @EnumSource(KindInEscrow.class)
  void shouldStartWithWhatTheLargestMessageInEscrowNeedsAndNotWithOneStepLess(KindInEscrow kept) {
    // given
    long half = keep(kept);
    int needed = neededFor(LOWERED_BYTES);

    // when
    assertThat(neededFor(needed - LogSettings.SEGMENT_STEP)).isEqualTo(needed);
    TurnedBroker after = start(needed);
    after.letHoursGoBy(DELAY_HOURS - 4);
    long startBefore = after.state.store.log().start();
    if (kept == KindInEscrow.HALF_MESSAGE) {
      assertThat(after.commit(half).replyFields()).containsEntry("verdict", "COMMIT");
    } else {
      after.letHoursGoBy(4);
    }
    int queueId = kept == KindInEscrow.DELAYED_MESSAGE ? 0 : 1;

    // then
    assertThat(startBefore).as("it held up nothing").isPositive();
    assertThat(after.visible(queueId)).isOne();
    after.letHoursGoBy(4);
    assertThat(isReadable(after, queueId)).as("for half of the retention").isTrue();
    after.letHoursGoBy(10);
    assertThat(isReadable(after, queueId)).isFalse();
    assertThat(after.loop.stopped()).isNull();
  }

  @Test
  void shouldStartWithLessWhenTheLargeMessageHasLeftEscrow() {
    // given
    TurnedBroker before = start(SEGMENT_BYTES);
    before.send(LARGE_BYTES, clock.millis() + TurnedBroker.HOUR_MILLIS);
    before.letHoursGoBy(2);
    before.state.close();

    // when
    TurnedBroker after = start(LOWERED_BYTES);

    // then
    assertThat(after.visible(0)).isOne();
  }

  private long keep(KindInEscrow kept) {
    TurnedBroker before = start(SEGMENT_BYTES);
    long due = clock.millis() + DELAY_HOURS * TurnedBroker.HOUR_MILLIS;
    long half = -1;
    switch (kept) {
      case DELAYED_MESSAGE -> before.send(LARGE_BYTES, due);
      case HALF_MESSAGE -> half = before.sendHalf(LARGE_BYTES, "");
      case COMMITTED_WITH_A_DELAY ->
        before.commit(before.sendHalf(
            LARGE_BYTES, Properties.with("", "TIMER_DELIVER_MS", Long.toString(due))));
    }
    before.state.close();
    return half;
  }

  /** What the refusal to start says. */
  private int neededFor(int segmentBytes) {
    String[] refusal = new String[1];
    assertThatThrownBy(() -> start(segmentBytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("store.segment-bytes " + segmentBytes + " is too small")
        .satisfies(e -> refusal[0] = e.getMessage());
    Matcher matcher = Pattern.compile("at least (\\d+)").matcher(refusal[0]);
    assertThat(matcher.find()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private static boolean isReadable(TurnedBroker broker, int queueId) {
    ConsumeQueue queue = broker.state.store.queues().find(TurnedBroker.TOPIC, queueId);
    QueueEntries entries = new QueueEntries(1);
    if (queue.minOffset() > 0 || queue.read(0, entries) == 0) {
      return false;
    }
    try (LogReader reader = broker.state.store.log().newReader()) {
      return reader.read(entries.position(0)) != null;
    }
  }
}
