package io.escrowmq.client.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.MemoryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class LocalOffsetsTest {

  private static final TopicQueue FIRST = new TopicQueue("orders", "a", 0);
  private static final TopicQueue SECOND = new TopicQueue("%RETRY%x", "b", 1);

  private static final Path FILE = Path.of("offsets");

  private final MemoryFiles files = new MemoryFiles();

  private static OptionalLong recorded(LocalOffsets offsets, TopicQueue queue) {
    return offsets.recorded(queue).toCompletableFuture().join();
  }

  @Test
  void shouldFindWhatItWrote() {
    // given
    LocalOffsets before = LocalOffsets.open(files, FILE);
    before.record(Map.of(FIRST, 7L, SECOND, 9L));
    before.record(Map.of(FIRST, 8L));

    // when
    LocalOffsets after = LocalOffsets.open(files, FILE);

    // then
    assertThat(recorded(after, FIRST)).hasValue(8);
    assertThat(recorded(after, SECOND)).hasValue(9);
    assertThat(recorded(after, new TopicQueue("orders", "a", 1))).isEmpty();
  }

  @Test
  void shouldRefuseAFileThatSaysNonsense() throws IOException {
    // given
    files.replace(FILE, "orders/a/0=many".getBytes(StandardCharsets.UTF_8));

    // when, then
    assertThatThrownBy(() -> LocalOffsets.open(files, FILE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("orders/a/0");
  }

  @Test
  void shouldSayWhenItCannotWrite() {
    // given
    LocalOffsets offsets = LocalOffsets.open(files, FILE);
    files.fail();

    // when, then
    assertThatThrownBy(() -> offsets.record(Map.of(FIRST, 7L)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("offsets");
    assertThat(offsets.recordSafely(Map.of(FIRST, 8L)).toCompletableFuture())
        .isCompletedExceptionally();
  }

  @Test
  void shouldSayWhenItCannotRead() {
    // given
    files.fail();

    // when, then
    assertThatThrownBy(() -> LocalOffsets.open(files, FILE))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("offsets");
  }
}
