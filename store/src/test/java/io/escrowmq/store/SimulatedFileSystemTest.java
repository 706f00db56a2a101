package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SimulatedFileSystemTest extends FileSystemContract {

  private static final Path DIRECTORY = Path.of("/simulated");
  private static final Path FILE = DIRECTORY.resolve("a");

  @Override
  FileSystem files() {
    return new SimulatedFileSystem(1);
  }

  @Override
  Path directory() {
    return DIRECTORY;
  }

  @Test
  void shouldKeepOverACrashWhatWasSynced() {
    for (long seed = 0; seed < 50; seed++) {
      // given
      SimulatedFileSystem files = disk(seed);
      StoreFile file = files.open(FILE);
      file.write(bytes("safe"), 0);
      file.sync();
      files.syncDirectory(DIRECTORY);
      file.write(bytes("lost"), 4);

      // when
      files.crash();

      // then
      assertThat(text(files.open(FILE), 0, 4)).as("seed %d", seed).isEqualTo("safe");
      assertThatThrownBy(file::size).isInstanceOf(StorageException.class);
    }
  }

  @Test
  void shouldKeepAnythingOfWhatWasNotSynced() {
    // given
    Set<String> outcomes = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      SimulatedFileSystem files = disk(seed);
      StoreFile file = files.open(FILE);
      file.truncate(1024);
      file.sync();
      files.syncDirectory(DIRECTORY);
      file.write(ByteBuffer.wrap(new byte[] {1}), 0);
      file.write(ByteBuffer.wrap(new byte[] {2}), 600);

      // when
      files.crash();

      // then
      StoreFile again = files.open(FILE);
      ByteBuffer content = ByteBuffer.allocate(1024);
      again.read(content, 0);
      outcomes.add(content.get(0) + " " + content.get(600));
    }
    assertThat(outcomes).containsExactlyInAnyOrder("0 0", "1 0", "0 2", "1 2");
  }

  @Test
  void shouldForgetNamesThatWereNotSynced() {
    // given
    Set<Boolean> outcomes = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      SimulatedFileSystem files = disk(seed);
      files.open(FILE).sync();

      // when
      files.crash();

      // then
      outcomes.add(files.exists(FILE));
    }
    assertThat(outcomes).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void shouldKeepEverythingWhenOnlyTheProcessDies() {
    // given
    SimulatedFileSystem files = disk(1);
    files.lock(DIRECTORY.resolve("lock"));
    files.open(FILE).write(bytes("written"), 0);

    // when
    files.kill();

    // then
    assertThat(text(files.open(FILE), 0, 7)).isEqualTo("written");
    files.lock(DIRECTORY.resolve("lock"));
  }

  @Test
  void shouldNeverSaveWhatAFailedSyncGaveUp() {
    // given
    Set<String> outcomes = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      SimulatedFileSystem files = disk(seed);
      StoreFile file = files.open(FILE);
      files.syncDirectory(DIRECTORY);
      file.write(bytes("x"), 0);
      files.failSync(1);
      assertThatThrownBy(file::sync).isInstanceOf(StorageException.class);
      file.sync();

      // when
      files.crash();

      // then
      outcomes.add(text(files.open(FILE), 0, 1));
    }
    assertThat(outcomes).containsExactlyInAnyOrder("x", "");
  }

  @Test
  void shouldFillUpAndHaveRoomAgain() {
    // given
    SimulatedFileSystem files = disk(1);
    files.capacity(3 * 4096);
    StoreFile file = files.open(FILE);
    files.open(DIRECTORY.resolve("other")).write(ByteBuffer.allocate(4096), 0);
    ByteBuffer tooMuch = ByteBuffer.allocate(3 * 4096);

    // when
    assertThatThrownBy(() -> file.write(tooMuch, 0))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
    long sizeWhenFull = file.size();
    files.delete(DIRECTORY.resolve("other"));
    file.write(tooMuch.rewind(), 0);

    // then
    assertThat(sizeWhenFull).isEqualTo(2 * 4096);
    assertThat(files.usableBytes(DIRECTORY)).isZero();
  }

  @Test
  void shouldFailTheWriteThatWasAskedFor() {
    // given
    SimulatedFileSystem files = disk(3);
    StoreFile file = files.open(FILE);
    files.failWrite(2);
    file.write(bytes("fine"), 0);

    // when // then
    assertThatThrownBy(() -> file.write(bytes("1234567890"), 4))
        .isInstanceOf(StorageException.class);
    assertThat(file.size()).isBetween(4L, 14L);
  }

  private static SimulatedFileSystem disk(long seed) {
    SimulatedFileSystem files = new SimulatedFileSystem(seed);
    files.createDurably(DIRECTORY);
    return files;
  }
}
