package io.escrowmq.client.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetrySettingsTest {

  @ParameterizedTest
  @CsvSource({"PT0S,1", "PT1S,1", "PT1.001S,2", "PT10S,3", "PT59M,17", "PT2H,18", "PT9H,18"})
  void shouldTakeTheNextLongerDelay(Duration pause, int level) {
    assertThat(RetrySettings.levelOf(pause)).isEqualTo(level);
  }

  @Test
  void shouldWaitLongerEachTime() {
    // given
    RetrySettings settings = new RetrySettings(16, Duration.ofSeconds(5));

    // when, then
    assertThat(settings.levelAfter(1)).isEqualTo(2);
    assertThat(settings.levelAfter(2)).isEqualTo(3);
    assertThat(settings.levelAfter(40)).isEqualTo(18);
    assertThat(settings.orderedPauseAfter(1)).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.orderedPauseAfter(2)).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.orderedPauseAfter(40)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void shouldLeaveItToTheBrokerByDefault() {
    assertThat(new RetrySettings(16, null).levelAfter(3)).isZero();
  }
}
