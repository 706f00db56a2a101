package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckScheduleTest {

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 20", "3, 40", "4, 80", "5, 100", "6, 100", "64, 100", "1000, 100"})
  void shouldDoublePausesUpToTheLongest(int check, long expected) {
    // given
    CheckSchedule schedule = new CheckSchedule(6, 10, 100, 15);

    // when
    long pause = schedule.pauseAfter(check);

    // then
    assertThat(pause).isEqualTo(expected);
  }

  @Test
  void shouldRefusePausesThatShrink() {
    assertThatThrownBy(() -> new CheckSchedule(6, 10, 9, 15))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 10 ms to 9 ms");
  }

  @Test
  void shouldRefuseToAskNever() {
    assertThatThrownBy(() -> new CheckSchedule(6, 10, 10, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be 1 to 1000");
  }
}
