package io.escrowmq.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DueTimeTest {

  private static final long NOW = 1_700_000_000_000L;

  private static String property(String name, String value) {
    return "KEYS\u0001k\u0002" + name + '\u0001' + value + '\u0002';
  }

  private static DueTime.DelayRequest asked(String properties) {
    return DueTime.of(properties, NOW);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "2, 5000", "4, 30000", "5, 60000", "18, 7200000", "19, 7200000"})
  void shouldWaitAsLongAsTheLevelSays(String level, long millis) {
    assertThat(asked(property("DELAY", level)))
        .isEqualTo(new DueTime.DelayRequest(NOW + millis, null));
  }

  @ParameterizedTest
  @CsvSource({
    "TIMER_DELAY_SEC, 7, 7000",
    "TIMER_DELAY_MS, 7, 7",
    "TIMER_DELAY_SEC, 259200, 259200000",
    "TIMER_DELIVER_MS, 1700000000250, 250",
  })
  void shouldWaitForADelayOrATime(String name, String value, long millis) {
    assertThat(asked(property(name, value)))
        .isEqualTo(new DueTime.DelayRequest(NOW + millis, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TAGS\u0001DELAYED\u0002",
        "DELAY\u00010\u0002",
        "DELAY\u0001-1\u0002",
        "TIMER_DELAY_SEC\u00010\u0002",
        "TIMER_DELAY_MS\u0001-5\u0002",
        "TIMER_DELIVER_MS\u00011699999999999\u0002",
      })
  void shouldNotWaitWhenNothingIsAskedOrTheTimeIsPast(String properties) {
    assertThat(asked(properties)).isEqualTo(new DueTime.DelayRequest(0, null));
  }

  @Test
  void shouldTellLongDelaysInDays() {
    assertThat(asked(property("TIMER_DELAY_SEC", Integer.toString(4 * 86_400 + 3_600)))
            .refusal())
        .isEqualTo("the delivery time 2023-11-18T23:13:20Z is 4 days and 1h ahead,"
            + " at most 3 days are allowed");
  }

  @Test
  void shouldPreferTheLevelToTheDelayAndTheDelayToTheTime() {
    // given
    String time = property("TIMER_DELIVER_MS", Long.toString(NOW + 900));
    String delay = property("TIMER_DELAY_SEC", "7");

    // then
    assertThat(asked(time + delay).dueMillis()).isEqualTo(NOW + 7000);
    assertThat(asked(time + delay + property("DELAY", "1")).dueMillis()).isEqualTo(NOW + 1000);
  }

  @ParameterizedTest
  @CsvSource({
    "TIMER_DELAY_SEC, 259201, 3 days and 1s ahead",
    "TIMER_DELAY_MS, 259200001, 3 days and 0.001s ahead",
    "TIMER_DELAY_SEC, 9223372036854775807, at most 3 days",
    "TIMER_DELAY_MS, 9223372036854775807, at most 3 days",
    "DELAY, soon, soon",
    "TIMER_DELAY_SEC, 1.5, 1.5",
    "TIMER_DELAY_MS, 99999999999999999999, 99999999999999999999",
    "TIMER_DELIVER_MS, tomorrow, tomorrow",
  })
  void shouldRefuseWhatCannotBeHadAndNameIt(String name, String value, String named) {
    // when
    DueTime.DelayRequest asked = asked(property(name, value));

    // then
    assertThat(asked.refusal()).contains(named);
  }
}
