package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenTableTest {

  @Test
  void shouldPutRunsSideBySideAndSayWhichGoalsAreMissed() {
    // given
    OpenTable table = new OpenTable();

    // when
    table.add("few", Map.of(OpenFigure.OPENED, 10.0, OpenFigure.IDLE_ALONE_PERCENT, 0.25));
    table.add("many", Map.of(OpenFigure.OPENED, 1000.0, OpenFigure.RESTART_MILLIS, 6000.0));

    // then
    assertThat(table.markdown()).isEqualTo("""
        | what | few | many |
        | --- | --- | --- |
        | half-messages acknowledged | 10 | 1,000 |
        | idle CPU %, no producer connected | 0.25 (below 1: reached) | - |
        | kill -9 and restart to the first acknowledged send, ms | - | 6,000 (below 5000: missed) |
        """);
    assertThat(table.json())
        .isEqualTo("{\"run\":\"many\",\"opened\":1000.000,\"restart_millis\":6000.000}");
  }
}
