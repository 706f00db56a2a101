package io.escrowmq.client.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentsTest {

  @ParameterizedTest
  @CsvSource({
    "PT1M, PT59.999S, 59999 ms, 1 min",
    "PT1S, PT0S, 0, 1 s",
    "PT0.001S, PT-2H, -120 min, 1 ms",
    "PT1S, PT0.000000001S, 1 ns, 1 s"
  })
  void shouldTellTimesInUnitsThatFit(Duration least, Duration value, String told, String limit) {
    assertThatThrownBy(() -> Arguments.atLeast(least, value, "keep"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("keep is " + told + ", at least " + limit + " is needed");
  }

  @Test
  void shouldTakeTheLimitItself() {
    Arguments.atLeast(Duration.ofMinutes(1), Duration.ofMinutes(1), "keep");
    Arguments.atLeast(1, 1, "threads");
  }
}
