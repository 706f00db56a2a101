package io.escrowmq.namesrv.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskKvFileTest {

  @TempDir
  Path directory;

  @Test
  void shouldReadWhatReplacedTheOld() {
    // given
    try (DiskKvFile file = DiskKvFile.open(directory.resolve("new/state"), "kvconfig.json")) {
      assertThat(file.read()).isNull();
      file.replace("a longer first text".getBytes(UTF_8));

      // when
      file.replace("second".getBytes(UTF_8));
    }

    // then
    try (DiskKvFile file = DiskKvFile.open(directory.resolve("new/state"), "kvconfig.json")) {
      assertThat(file.read()).asString(UTF_8).isEqualTo("second");
    }
  }

  @Test
  void shouldStandOnTheOldFileWhenACrashLeftANewOneBehind() throws IOException {
    // given
    try (DiskKvFile file = DiskKvFile.open(directory, "kvconfig.json")) {
      file.replace("old".getBytes(UTF_8));
    }
    Files.writeString(directory.resolve("kvconfig.json.next"), "half of the ne");

    // when
    try (DiskKvFile file = DiskKvFile.open(directory, "kvconfig.json")) {
      assertThat(file.read()).asString(UTF_8).isEqualTo("old");
      file.replace("new".getBytes(UTF_8));

      // then
      assertThat(file.read()).asString(UTF_8).isEqualTo("new");
    }
  }

  @Test
  void shouldRefuseASecondNameServerInTheSameDirectory() {
    try (DiskKvFile file = DiskKvFile.open(directory, "kvconfig.json")) {
      assertThatThrownBy(() -> DiskKvFile.open(directory, "kvconfig.json"))
          .isInstanceOf(KvFileException.class)
          .hasMessageContaining("another name server")
          .hasMessageContaining(directory.toString());
      assertThat(file.read()).isNull();
    }
  }

  @Test
  void shouldNameTheFileThatCannotBeReplaced() throws IOException {
    try (DiskKvFile file = DiskKvFile.open(directory, "kvconfig.json")) {
      // given
      Files.createDirectories(directory.resolve("kvconfig.json/occupied"));

      // when, then
      assertThatThrownBy(() -> file.replace(new byte[1]))
          .isInstanceOf(KvFileException.class)
          .hasMessageContaining("kvconfig.json");
    }
  }
}
