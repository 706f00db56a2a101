package io.escrowmq.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EscrowClientTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://names:9876",
        "names",
        "names:",
        ":9876",
        "names:0",
        "names:65536",
        "a b:9876",
        "names:9876/x",
        "user@names:9876",
        "::1:9876",
        "names:9876;",
        ""
      })
  void shouldRefuseNameServersThatAreNoAddresses(String addresses) {
    assertThatThrownBy(() -> EscrowClient.builder().nameServers(addresses))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not of the form host:port");
  }

  @ParameterizedTest
  @ValueSource(strings = {"names:1", "10.0.0.1:65535; names-2.x_y:9876", "[::1]:9876"})
  void shouldTakeNameServersThatAreAddresses(String addresses) {
    assertThatCode(() -> EscrowClient.builder().nameServers(addresses)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stock 1", "host@stock"})
  void shouldRefuseInstanceThatCannotBePartOfAName(String name) {
    assertThatThrownBy(() -> EscrowClient.builder().instance(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }
}
