package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealFileSystemTest extends FileSystemContract {

  @TempDir
  private Path directory;

  @Override
  FileSystem files() {
    return new RealFileSystem();
  }

  @Override
  Path directory() {
    return directory;
  }

  @Test
  void shouldSyncADirectoryAgainAfterAThreadWasInterrupted() {
    // given
    FileSystem files = files();
    files.syncDirectory(directory);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> files.syncDirectory(directory)).isInstanceOf(StorageException.class);
    assertThat(Thread.interrupted()).isTrue();

    // when // then
    assertThatCode(() -> files.syncDirectory(directory)).doesNotThrowAnyException();
  }

  @Test
  void shouldTellAFullDiskFromOtherFailures() {
    // given
    IOException full = new IOException("No space left on device");
    IOException other = new IOException("Input/output error");

    // when // then
    Path file = directory.resolve("a");
    assertThat(RealFileSystem.failed("write", file, 1, full).reason()).isEqualTo(Reason.FULL);
    assertThat(RealFileSystem.failed("write", file, 1, other).reason()).isEqualTo(Reason.IO);
    assertThat(RealFileSystem.failed("write", file, Long.MAX_VALUE, other).reason())
        .isEqualTo(Reason.FULL);
  }
}
