package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.bench.Mode.Flush;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompareSettingsTest {
  private static final Path ROOT = Path.of("/somewhere");

  @Test
  void shouldCompareEverythingThreeTimesWhenNothingIsSaid() {
    // when
    CompareSettings settings = CompareSettings.parse(ROOT, List.of());

    // then
    assertThat(settings.pairs()).isEqualTo(3);
    assertThat(settings.modes()).containsExactly(Mode.values());
    assertThat(settings.flushes()).containsExactly(Flush.ASYNC, Flush.SYNC);
    assertThat(settings.drain()).isEqualTo(300_000);
  }

  @Test
  void shouldReadModesAndOptionsThatMayBeRepeated() {
    // when
    CompareSettings settings = CompareSettings.parse(
        ROOT,
        List.of("--modes", "drain,lat1000", "--set", "a=1", "--set", "b=2", "--jvm", "x=-XX:y=z"));

    // then
    assertThat(settings.modes()).containsExactly(Mode.DRAIN, Mode.LAT1000);
    assertThat(settings.escrowSettings()).containsExactly("a=1", "b=2");
    assertThat(settings.environment("x")).isEqualTo(Map.of("JAVA_TOOL_OPTIONS", "-XX:y=z"));
    assertThat(settings.environment("y")).isEmpty();
  }

  @Test
  void shouldNameTheOptionAndTheModesThatThereAre() {
    assertThatThrownBy(() -> CompareSettings.parse(ROOT, List.of("--paris", "3")))
        .hasMessageContaining("--paris")
        .hasMessageContaining("--pairs N");
    assertThatThrownBy(() -> CompareSettings.parse(ROOT, List.of("--modes", "sync17")))
        .hasMessageContaining("sync17")
        .hasMessageContaining("sync16,sync64");
  }
}
