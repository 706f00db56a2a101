package io.escrowmq.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void shouldReadWhatStandsBehindTheWord() {
    // when
    Arguments given = Arguments.of("prepare mode=tx16 seconds=5");

    // then
    assertThat(given.text("mode")).isEqualTo("tx16");
    assertThat(given.atMost()).isEqualTo(Duration.ofSeconds(5));
    assertThatThrownBy(() -> given.number("messages")).hasMessageContaining("missing messages");
    assertThatThrownBy(() -> Arguments.of("prepare mode")).hasMessageContaining("mode");
  }
}
