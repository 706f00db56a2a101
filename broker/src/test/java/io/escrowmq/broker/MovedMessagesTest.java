package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.pull.MessageLookup;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.store.SimulatedFileSystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A delayed message lies elsewhere each half of the retention time. By the id that its sender was told it
 * is found as long as it is there.
 */
class MovedMessagesTest {

  private static final int SEGMENT_BYTES = 256 * 1024;
  private static final int BODY_BYTES = 1_234;

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final TurnedBroker broker =
      new TurnedBroker(new SimulatedFileSystem(1), clock, SEGMENT_BYTES, 0);
  private final MessageLookup lookup = new MessageLookup(
      broker.state.store.log(), broker.state.store.keys(), broker.state.topics.catalog());

  @ParameterizedTest
  @CsvSource({"3, false", "30, false", "3, true", "30, true"})
  void shouldBeFoundByTheIdThatItsSenderWasToldAsLongAsItIsThere(int hours, boolean isHalf) {
    // given
    long due = clock.millis() + hours * TurnedBroker.HOUR_MILLIS;
    long id;
    if (isHalf) {
      id = broker.sendHalf(BODY_BYTES, Properties.with("", "TIMER_DELIVER_MS", Long.toString(due)));
      broker.commit(id);
    } else {
      id = broker.send(BODY_BYTES, due);
    }
    broker.letHoursGoBy(hours - 1);
    byte[] early = lookup.at(id);

    // when
    broker.letHoursGoBy(2);
    byte[] delivered = lookup.at(id);
    broker.letHoursGoBy(3); // for half of the retention it stays
    byte[] later = lookup.at(id);
    broker.letHoursGoBy(12);
    byte[] gone = lookup.at(id);

    // then
    assertThat(early).as("nobody may see it yet").isNull();
    assertThat(delivered).isNotNull().isEqualTo(later);
    assertThat(MessageView.of(delivered).body().remaining()).isEqualTo(BODY_BYTES);
    assertThat(MessageView.of(delivered).storeTimestamp()).isGreaterThanOrEqualTo(due);
    assertThat(gone).isNull();
  }
}
