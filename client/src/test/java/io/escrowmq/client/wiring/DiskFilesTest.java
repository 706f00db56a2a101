package io.escrowmq.client.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFilesTest {

  private final DiskFiles files = new DiskFiles();

  @TempDir
  private Path folder;

  @Test
  void shouldFindWhatReplacedTheFileLast() throws IOException {
    // given
    Path file = folder.resolve("new/offsets");
    assertThat(files.read(file)).isNull();

    // when
    files.replace(file, new byte[] {1});
    files.replace(file, new byte[] {2, 3});

    // then
    assertThat(files.read(file)).containsExactly(2, 3);
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void shouldFindTheOldFileAfterAWriteThatStoppedHalfWay() throws IOException {
    // given
    Path file = folder.resolve("offsets");
    files.replace(file, new byte[] {1, 2});
    Files.write(folder.resolve("offsets.new"), new byte[] {9});

    // when, then
    assertThat(files.read(file)).containsExactly(1, 2);
  }

  @Test
  void shouldSayWhenThereCanBeNoSuchFile() throws IOException {
    // given
    Path notAFolder = Files.writeString(folder.resolve("file"), "x");

    // when, then
    assertThatThrownBy(() -> files.replace(notAFolder.resolve("offsets"), new byte[] {1}))
        .isInstanceOf(IOException.class);
  }
}
