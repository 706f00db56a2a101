package io.escrowmq.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EscrowClientTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "stock 1", "host@stock"})
  void shouldRefuseInstanceThatCannotBePartOfAName(String name) {
    assertThatThrownBy(() -> EscrowClient.builder().instance(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }
}
