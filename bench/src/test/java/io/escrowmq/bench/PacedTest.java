package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PacedTest {
  // four seconds, and what came afterwards
  private static final Map<String, String> ANSWER = Map.of(
      "acknowledged", "10|20|30|40|1000",
      "refused", "5|0|0|0|0",
      "late", "0|0|0|0|7",
      "givenup", "0|0|0|0|0",
      "p99", "9000|8000|2000|1000|1",
      "unanswered", "3",
      "drained", "1500",
      "reasons", "5_x_2_busy~");

  @Test
  void shouldCountWhatWasAcknowledgedInTheTimeOfTheRun() {
    // when
    PacedSends paced = PacedSends.of(ANSWER);

    // then
    assertThat(paced.acknowledgedPerSecond()).isEqualTo(25);
    assertThat(paced.slowestSecond()).isEqualTo(10);
    assertThat(paced.p99Millis()).isEqualTo(8);
    assertThat(paced.unanswered()).isEqualTo(3);
    assertThat(paced.drainedMillis()).isEqualTo(1500);
    assertThat(paced.reasons()).isEqualTo("5 x 2 busy;");
  }

  @Test
  void shouldTakeTheLastBadSecondForTheEndOfARecovery() {
    // given
    PacedSends paced = PacedSends.of(ANSWER);

    // then
    assertThat(paced.secondsUntilBelow(5)).isEqualTo(2);
    assertThat(paced.secondsUntilBelow(100)).isEqualTo(1); // something was refused in the first
    assertThat(paced.secondsUntilBelow(0.5)).isEqualTo(4);
  }
}
