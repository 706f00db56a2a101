package io.escrowmq.demo.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JvmTest {

  @TempDir
  private Path directory;

  @Test
  void shouldSayWhyProcessEndedBeforeItWasReady() {
    // given
    Jvm jvm = Jvm.start(
        "stranger",
        directory.toString(),
        List.of("NobodyKnows"),
        directory.resolve("stranger.err"));

    // when, then
    assertThatThrownBy(() -> jvm.await("ready", Duration.ofMinutes(1)))
        .isInstanceOf(DemoException.class)
        .hasMessageContaining("the stranger ended with 1 before it said 'ready'")
        .hasMessageContaining("ClassNotFoundException: NobodyKnows");
  }
}
