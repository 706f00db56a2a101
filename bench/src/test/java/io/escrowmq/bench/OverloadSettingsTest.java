package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.bench.Mode.Flush;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverloadSettingsTest {
  private static final Path ROOT = Path.of("/somewhere");

  @Test
  void shouldSendTwiceAsMuchForTwoMinutesWithBothWaysOfSyncing() {
    // when
    OverloadSettings settings = OverloadSettings.parse(ROOT, List.of());

    // then
    assertThat(settings.flushes()).containsExactly(Flush.ASYNC, Flush.SYNC);
    assertThat(settings.overloadSeconds()).isEqualTo(120);
    assertThat(settings.isPinned()).isTrue();
  }

  @Test
  void shouldTakeOtherValuesAndNameTheOptionsWhenItCannotReadOne() {
    // when
    OverloadSettings settings = OverloadSettings.parse(
        ROOT, List.of("--flush", "sync", "--pin", "no", "--set", "a=b", "--set", "c=d"));

    // then
    assertThat(settings.flushes()).containsExactly(Flush.SYNC);
    assertThat(settings.isPinned()).isFalse();
    assertThat(settings.escrowSettings()).containsExactly("a=b", "c=d");
    assertThatThrownBy(() -> OverloadSettings.parse(ROOT, List.of("--open", "1")))
        .hasMessageContaining("--overload-seconds N");
  }
}
