package io.escrowmq.server.print;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void shouldMakeColumnsAsWideAsTheirWidestCell() {
    // given
    TextTable table = new TextTable("ID", "STATE");
    table.add("7", "in doubt");
    table.add("1024", "");

    // then
    assertThat(table.take()).isEqualTo("""
        ID    STATE
        7     in doubt
        1024  -
        """);
  }

  @Test
  void shouldKeepTheWidthsOfWhatWasPrintedBefore() {
    // given
    TextTable table = new TextTable("ID", "STATE");
    table.add("1024", "x");
    table.take();

    // when
    table.add("7", "y");

    // then
    assertThat(table.take()).isEqualTo("7     y\n");
    assertThat(table.take()).isEmpty();
  }

  @Test
  void shouldRefuseARowThatDoesNotFit() {
    TextTable table = new TextTable("ID", "STATE");

    assertThatThrownBy(() -> table.add("7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 cells do not fit 2 columns");
  }
}
