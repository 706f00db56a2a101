package io.escrowmq.broker.recent;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTableTest {

  private final KeyTable table = new KeyTable(4);

  /** It would otherwise look for ever, and with it the turn of the log. */
  @ParameterizedTest
  @ValueSource(longs = {0, 7, 8})
  @Timeout(10)
  void shouldFailWhereARowIsNotThere(long number) {
    // given
    table.add(5, 1);
    table.add(5, 2);

    // when, then
    assertThatThrownBy(() -> table.remove(5, number))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the table has no row " + number);
  }

  @Test
  void shouldRemoveTheFirstRowOfAll() {
    // given
    table.add(5, 0);

    // when
    table.remove(5, 0);

    // then
    assertThatThrownBy(() -> table.remove(5, 0)).hasMessage("the table has no row 0");
  }
}
