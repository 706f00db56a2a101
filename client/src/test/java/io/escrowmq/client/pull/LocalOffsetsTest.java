package io.escrowmq.client.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.TopicQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalOffsetsTest {

  private static final TopicQueue FIRST = new TopicQueue("orders", "a", 0);
  private static final TopicQueue SECOND = new TopicQueue("%RETRY%x", "b", 1);

  @TempDir
  private Path folder;

  private static OptionalLong recorded(LocalOffsets offsets, TopicQueue queue) {
    return offsets.recorded(queue).toCompletableFuture().join();
  }

  @Test
  void shouldFindWhatItWrote() {
    // given
    Path file = folder.resolve("new/offsets");
    LocalOffsets before = LocalOffsets.open(file);
    before.record(Map.of(FIRST, 7L, SECOND, 9L));
    before.record(Map.of(FIRST, 8L));

    // when
    LocalOffsets after = LocalOffsets.open(file);

    // then
    assertThat(recorded(after, FIRST)).hasValue(8);
    assertThat(recorded(after, SECOND)).hasValue(9);
    assertThat(recorded(after, new TopicQueue("orders", "a", 1))).isEmpty();
  }

  @Test
  void shouldFindTheOldFileAfterAWriteThatStoppedHalfWay() throws IOException {
    // given
    Path file = folder.resolve("offsets");
    LocalOffsets.open(file).record(Map.of(FIRST, 7L));
    Files.writeString(folder.resolve("offsets.new"), "orders/a/0=");

    // when
    LocalOffsets after = LocalOffsets.open(file);

    // then
    assertThat(recorded(after, FIRST)).hasValue(7);
  }

  @Test
  void shouldRefuseAFileThatSaysNonsense() throws IOException {
    // given
    Path file = folder.resolve("offsets");
    Files.writeString(file, "orders/a/0=many");

    // when, then
    assertThatThrownBy(() -> LocalOffsets.open(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("orders/a/0");
  }

  @Test
  void shouldSayWhenItCannotWrite() throws IOException {
    // given
    Path notAFolder = Files.writeString(folder.resolve("file"), "x");
    LocalOffsets offsets = LocalOffsets.open(notAFolder.resolve("offsets"));

    // when, then
    assertThatThrownBy(() -> offsets.record(Map.of(FIRST, 7L)))
        .isInstanceOf(UncheckedIOException.class);
  }
}
