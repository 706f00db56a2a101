package io.escrowmq.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every file system promises; one class for each runs it. */
abstract class FileSystemContract {

  private FileSystem files;
  private Path directory;

  /** A fresh file system, and a directory in it that nobody else uses. */
  abstract FileSystem files();

  abstract Path directory();

  @BeforeEach
  void prepare() {
    files = files();
    directory = directory().resolve("store");
    files.createDirectories(directory);
  }

  @Test
  void shouldReadWhatWasWrittenAtItsOffset() {
    // given
    try (StoreFile file = files.open(directory.resolve("a"))) {
      file.write(bytes("later"), 8000);
      file.write(bytes("early"), 3);

      // when
      String early = text(file, 3, 5);
      String later = text(file, 8000, 5);

      // then
      assertThat(early).isEqualTo("early");
      assertThat(later).isEqualTo("later");
      assertThat(file.size()).isEqualTo(8005);
      assertThat(text(file, 0, 3)).isEqualTo("\0\0\0");
    }
  }

  @Test
  void shouldReadLessWhereTheFileEnds() {
    // given
    try (StoreFile file = files.open(directory.resolve("a"))) {
      file.write(bytes("12345"), 0);
      ByteBuffer target = ByteBuffer.allocate(10);

      // when
      int count = file.read(target, 2);
      int behind = file.read(ByteBuffer.allocate(1), 9);

      // then
      assertThat(count).isEqualTo(3);
      assertThat(target.position()).isEqualTo(3);
      assertThat(behind).isZero();
    }
  }

  @Test
  void shouldFindTheBytesAgainWhenOpenedAgain() {
    // given
    try (StoreFile file = files.open(directory.resolve("a"))) {
      file.write(bytes("stays"), 0);
      file.sync();
    }

    // when
    try (StoreFile again = files.open(directory.resolve("a"))) {
      // then
      assertThat(text(again, 0, 5)).isEqualTo("stays");
    }
  }

  @Test
  void shouldGrowWithZerosAlsoWhereSomethingWasCut() {
    // given
    try (StoreFile file = files.open(directory.resolve("a"))) {
      file.write(bytes("123456"), 0);

      // when
      file.truncate(2);
      file.truncate(6);

      // then
      assertThat(file.size()).isEqualTo(6);
      assertThat(text(file, 0, 6)).isEqualTo("12\0\0\0\0");
    }
  }

  @Test
  void shouldShowInAViewWhatIsWrittenLater() {
    // given
    try (StoreFile file = files.open(directory.resolve("a"))) {
      file.truncate(8192);
      ByteBuffer view = file.map(8192);

      // when
      file.write(bytes("news"), 5000);

      // then
      assertThat(view.isReadOnly()).isTrue();
      assertThat(view.capacity()).isEqualTo(8192);
      assertThat(text(view, 5000, 4)).isEqualTo("news");
      file.unmap(view);
    }
  }

  @Test
  void shouldRefuseAViewOfMoreThanTheFile() {
    // given
    try (StoreFile file = files.open(directory.resolve("a"))) {
      file.truncate(100);

      // when // then
      assertThatThrownBy(() -> file.map(101)).isInstanceOf(StorageException.class);
      assertThat(file.size()).isEqualTo(100);
    }
  }

  @Test
  void shouldLetReadersOfADeletedFileGoOn() {
    // given
    try (StoreFile file = files.open(directory.resolve("a"))) {
      file.write(bytes("read me"), 0);
      ByteBuffer view = file.map(7);

      // when
      files.delete(directory.resolve("a"));

      // then
      assertThat(files.exists(directory.resolve("a"))).isFalse();
      assertThat(text(view, 0, 7)).isEqualTo("read me");
      file.unmap(view);
    }
  }

  @Test
  void shouldDeleteWhatIsNotThere() {
    // when
    files.delete(directory.resolve("nothing"));

    // then
    assertThat(files.exists(directory.resolve("nothing"))).isFalse();
  }

  @Test
  void shouldReplaceByRename() {
    // given
    write("old", "the old one");
    write("new", "the new one");

    // when
    files.rename(directory.resolve("new"), directory.resolve("old"));

    // then
    assertThat(files.list(directory)).containsExactly("old");
    try (StoreFile file = files.open(directory.resolve("old"))) {
      assertThat(text(file, 0, 11)).isEqualTo("the new one");
    }
  }

  @Test
  void shouldListNamesInOrder() {
    // given
    write("c", "");
    write("a", "");
    files.createDirectories(directory.resolve("b"));

    // when // then
    assertThat(files.list(directory)).containsExactly("a", "b", "c");
    assertThat(files.list(directory.resolve("nowhere"))).isEmpty();
    files.syncDirectory(directory);
  }

  @Test
  void shouldFailToOpenInAMissingDirectory() {
    assertThatThrownBy(() -> files.open(directory.resolve("nowhere/a")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void shouldKnowItsRoom() {
    assertThat(files.usableBytes(directory)).isBetween(1L, files.totalBytes(directory));
  }

  @Test
  void shouldRefuseASecondLockAndSayWhoHoldsTheFirst() throws Exception {
    // given
    Path lock = directory.resolve("lock");
    AutoCloseable first = files.lock(lock);

    // when // then
    assertThatThrownBy(() -> files.lock(lock))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED))
        .hasMessageContaining("process " + ProcessHandle.current().pid())
        .hasMessageContaining(directory.toString());
    first.close();
    files.lock(lock).close();
  }

  private void write(String name, String content) {
    try (StoreFile file = files.open(directory.resolve(name))) {
      file.write(bytes(content), 0);
    }
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  static String text(StoreFile file, long offset, int length) {
    ByteBuffer target = ByteBuffer.allocate(length);
    file.read(target, offset);
    return new String(target.array(), 0, target.position(), UTF_8);
  }

  private static String text(ByteBuffer view, int index, int length) {
    byte[] bytes = new byte[length];
    view.get(index, bytes);
    return new String(bytes, UTF_8);
  }
}
