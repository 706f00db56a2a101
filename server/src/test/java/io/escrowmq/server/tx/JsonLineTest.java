package io.escrowmq.server.tx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLineTest {

  @Test
  void shouldPutTheBrokersNameInFrontOfWhatCame() {
    assertThat(named("{\"open\":1}")).isEqualTo("{\"broker\":\"broker-a\",\"open\":1}");
    assertThat(named(" { \"open\" : 1 } ")).isEqualTo("{\"broker\":\"broker-a\",\"open\" : 1 }");
    assertThat(named("{}")).isEqualTo("{\"broker\":\"broker-a\"}");
  }

  private static String named(String body) {
    return JsonLine.of("broker-a", body.getBytes(UTF_8));
  }
}
