package io.escrowmq.server.print;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "-5000, 0s",
    "0, 0s",
    "999, 0s",
    "1000, 1s",
    "59999, 59s",
    "60000, 1m",
    "61000, 1m 1s",
    "12000000, 3h 20m",
    "3600999, 1h",
    "187200000, 2d 4h",
  })
  void shouldTellATimeInItsTwoLargestUnits(long millis, String told) {
    assertThat(Figures.duration(millis)).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1300, 1.3 KiB",
    "1048576, 1.0 MiB",
    "8589934592, 8.0 GiB",
    "9223372036854775807, 8.0 EiB",
  })
  void shouldTellBytesInTheirLargestUnit(long bytes, String told) {
    assertThat(Figures.bytes(bytes)).isEqualTo(told);
  }

  @Test
  void shouldTellMomentsInUtc() {
    assertThat(Figures.moment(1_700_000_000_000L)).isEqualTo("2023-11-14T22:13:20Z");
  }
}
