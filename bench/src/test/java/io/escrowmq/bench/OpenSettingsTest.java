package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenSettingsTest {
  private static final Path ROOT = Path.of("/somewhere");

  @Test
  void shouldRaiseTheBoundsThatAMillionWouldMeet() {
    // when
    OpenSettings settings = OpenSettings.parse(ROOT, List.of());

    // then
    assertThat(settings.counts()).containsExactly(100_000L, 1_000_000L);
    assertThat(settings.escrowSettings())
        .containsExactly("tx.max-open=2000000", "tx.group-max-open=2000000");
  }

  @Test
  void shouldPutSettingsAfterItsOwnSoThatTheyCount() {
    // when
    OpenSettings settings =
        OpenSettings.parse(ROOT, List.of("--open", "5", "--set", "tx.max-open=6"));

    // then
    assertThat(settings.counts()).containsExactly(5L);
    assertThat(settings.escrowSettings()).endsWith("tx.max-open=6");
    assertThatThrownBy(() -> OpenSettings.parse(ROOT, List.of("--modes", "tx16")))
        .hasMessageContaining("--open N");
  }
}
