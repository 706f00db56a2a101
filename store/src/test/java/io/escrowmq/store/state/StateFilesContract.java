package io.escrowmq.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What state files promise on every file system; one class for each runs it. */
abstract class StateFilesContract {

  private FileSystem files;
  private Path directory;
  private StateFiles states;

  abstract FileSystem files();

  abstract Path directory();

  @BeforeEach
  void prepare() {
    files = files();
    directory = directory();
    states = new StateFiles(files, directory);
  }

  @Test
  void shouldHaveNothingBeforeTheFirstWriting() {
    assertThat(states.newest()).isNull();
    assertThat(states.oldestPosition()).isZero();
  }

  @Test
  void shouldGiveBackWhatEachViewWrote() {
    // given
    byte[] large = new byte[400_000];
    new Random(1).nextBytes(large);
    byte[] onePage = Arrays.copyOf(large, PageTable.PAGE_BYTES);

    // when
    states.write(
        4096,
        Map.of(
            "keys", image(large),
            "keys-of-old", image(new byte[] {1}),
            "queues", image(onePage),
            "topics", image(new byte[0])));

    // then
    try (StateFile state = new StateFiles(files, directory).newest()) {
      assertThat(state.position()).isEqualTo(4096);
      assertThat(state.has("topics")).isTrue();
      assertThat(state.has("groups")).isFalse();
      assertThat(restored(state, "keys", large.length)).isEqualTo(large);
      assertThat(restored(state, "keys-of-old", 1)).containsExactly(1);
      assertThat(restored(state, "queues", onePage.length)).isEqualTo(onePage);
      assertThat(restored(state, "topics", 0)).isEmpty();
    }
  }

  @Test
  void shouldKeepTheStateFileBefore() {
    // given // when
    for (int i = 1; i <= 4; i++) {
      states.write(i * 100L, Map.of("topics", image(new byte[] {(byte) i})));
    }

    // then
    assertThat(files.list(directory))
        .containsExactly("00000000000000000300.state", "00000000000000000400.state");
    assertThat(states.oldestPosition()).isEqualTo(300);
    StateFiles reopened = new StateFiles(files, directory);
    reopened.newest().close();
    assertThat(reopened.oldestPosition()).isEqualTo(300);
  }

  @Test
  void shouldLetNoSegmentGoWhileThereIsOneStateFile() {
    // given // when
    states.write(100, Map.of("topics", image(new byte[1])));

    // then
    assertThat(states.oldestPosition()).isZero();
  }

  @Test
  void shouldReplaceAStateFileOfTheSamePosition() {
    // given
    states.write(50, Map.of("topics", image(new byte[] {0})));
    states.write(100, Map.of("topics", image(new byte[] {1})));

    // when
    states.write(100, Map.of("topics", image(new byte[] {2})));

    // then
    try (StateFile state = states.newest()) {
      assertThat(restored(state, "topics", 1)).containsExactly(2);
    }
    assertThat(states.oldestPosition()).isEqualTo(50);
  }

  @Test
  void shouldRefuseToGoBack() {
    // given
    states.write(100, Map.of("topics", image(new byte[1])));

    // when // then
    assertThatThrownBy(() -> states.write(99, Map.of("topics", image(new byte[1]))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldFallBackWhenTheNewestIsCutOrChangedAnywhere() {
    // given
    states.write(100, Map.of("topics", image(new byte[] {1})));
    states.write(200, Map.of("topics", image(new byte[] {2})));
    Path newest = directory.resolve("00000000000000000200.state");
    byte[] whole = bytes(newest);
    Random random = new Random(3);

    for (int i = 0; i < 100; i++) {
      // when
      byte[] damaged = whole.clone();
      if (i % 2 == 0) {
        damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
      } else {
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      }
      overwrite(newest, damaged);

      // then
      try (StateFile state = states.newest()) {
        assertThat(state.position()).as("damage %d", i).isEqualTo(100);
        assertThat(restored(state, "topics", 1)).containsExactly(1);
      }
      assertThat(states.oldestPosition()).isZero();
    }
  }

  @Test
  void shouldReplaceADamagedFileByTheNextOne() {
    // given
    states.write(100, Map.of("topics", image(new byte[] {1})));
    states.write(200, Map.of("topics", image(new byte[] {2})));
    overwrite(directory.resolve("00000000000000000200.state"), new byte[10]);
    states.newest().close();

    // when
    states.write(150, Map.of("topics", image(new byte[] {3})));

    // then
    assertThat(files.list(directory))
        .containsExactly("00000000000000000100.state", "00000000000000000150.state");
  }

  @Test
  void shouldGiveTheOneBeforeARejectedOne() {
    // given
    states.write(100, Map.of("topics", image(new byte[] {1})));
    states.write(200, Map.of("topics", image(new byte[] {2})));

    // when
    states.reject(states.newest());

    // then
    try (StateFile state = states.newest()) {
      assertThat(state.position()).isEqualTo(100);
    }
    states.reject(states.newest());
    assertThat(states.newest()).isNull();
    assertThat(files.list(directory)).hasSize(2).allMatch(name -> name.endsWith(".rejected"));
    states.write(150, Map.of("topics", image(new byte[] {1})));
    assertThat(files.list(directory)).hasSize(3);
    states.write(250, Map.of("topics", image(new byte[] {2})));
    assertThat(files.list(directory))
        .containsExactly("00000000000000000150.state", "00000000000000000250.state");
  }

  @Test
  void shouldCallItCorruptWhenAViewCannotReadItsBytes() {
    // given
    states.write(100, Map.of("topics", image(new byte[10])));

    try (StateFile state = states.newest()) {
      // when // then
      assertThatThrownBy(() -> restored(state, "topics", 11))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.CORRUPT));
      assertThatThrownBy(() -> restored(state, "topics", 9))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("unread");
    }
  }

  @Test
  void shouldCallItCorruptWhateverAViewThrows() {
    // given
    states.write(100, Map.of("topics", image(new byte[10])));

    try (StateFile state = states.newest()) {
      // when // then
      for (RuntimeException thrown : List.of(
          new IllegalArgumentException("65536 queues are too many"),
          new NegativeArraySizeException("-1"),
          new NullPointerException())) {
        View throwing = new Bytes("topics", 10) {
          @Override
          public void restore(DataInput in) {
            throw thrown;
          }
        };
        assertThatThrownBy(() -> state.restoreOne(throwing))
            .hasCause(thrown)
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.CORRUPT));
      }
    }
  }

  @Test
  void shouldPassOnThatTheDiskFailedWhichSaysNothingOfTheFile() {
    // given
    states.write(100, Map.of("topics", image(new byte[10])));
    StorageException failure = new StorageException(StorageException.Reason.IO, "no handles left");

    try (StateFile state = states.newest()) {
      // when // then
      View failing = new Bytes("topics", 10) {
        @Override
        public void restore(DataInput in) {
          throw failure;
        }
      };
      assertThatThrownBy(() -> state.restoreOne(failing)).isSameAs(failure);
    }
  }

  @Test
  void shouldRefuseWhatANewerVersionWroteAndLeaveItAsItIs() {
    // given: a view's format that is newer than this version's, and a view that it does not know
    states.write(100, Map.of("topics", image(new byte[1])));
    states.write(200, Map.of("topics", new Image() {
      @Override
      public void writeTo(DataOutput out) throws IOException {
        out.writeLong(1);
      }

      @Override
      public int format() {
        return 2;
      }
    }));

    try (StateFile state = states.newest()) {
      // when // then
      assertThatThrownBy(() -> state.restore(List.of(new Bytes("topics", 1))))
          .hasMessageContaining("was written by a newer version")
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.NEWER));
      assertThatThrownBy(() -> state.restore(List.of(new Bytes("queues", 1))))
          .hasMessageContaining("a view topics, which this version does not know")
          .hasMessageContaining("was written by a newer version");
    }
    assertThat(files.list(directory))
        .containsExactly("00000000000000000100.state", "00000000000000000200.state");
  }

  @Test
  void shouldRefuseAFooterOfANewerVersionAndLeaveTheFileAsItIs() {
    // given
    states.write(100, Map.of("topics", image(new byte[1])));
    states.write(200, Map.of("topics", image(new byte[1])));
    Path newest = directory.resolve("00000000000000000200.state");
    byte[] bytes = bytes(newest);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 8, Footer.VERSION + 1);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    overwrite(newest, bytes);

    // when // then
    assertThatThrownBy(() -> states.newest())
        .hasMessageContaining("was written by a newer version")
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.NEWER));
    assertThat(bytes(newest)).isEqualTo(bytes);
  }

  @Test
  void shouldLetAViewBeginEmptyOnlyIfItSaysSo() {
    // given
    states.write(100, Map.of("topics", image(new byte[1])));
    View optional = new Bytes("recent", 1) {
      @Override
      public boolean mayStartEmpty() {
        return true;
      }
    };

    try (StateFile state = states.newest()) {
      // when // then
      state.restore(List.of(new Bytes("topics", 1), optional));
      assertThatThrownBy(
              () -> state.restore(List.of(new Bytes("topics", 1), new Bytes("groups", 1))))
          .hasMessageContaining("groups")
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.CORRUPT));
    }
  }

  @Test
  void shouldLeaveForeignFilesAlone() {
    // given
    states.write(100, Map.of("topics", image(new byte[1])));
    List<String> foreign = List.of("!.state", "0100.state", "notes.txt", "zzz.state");
    foreign.forEach(name -> overwrite(directory.resolve(name), new byte[1]));

    // when
    try (StateFile state = states.newest()) {
      assertThat(state.position()).isEqualTo(100);
    }
    states.write(200, Map.of("topics", image(new byte[1])));
    states.write(300, Map.of("topics", image(new byte[1])));

    // then
    assertThat(files.list(directory)).containsAll(foreign).hasSize(6);
  }

  @Test
  void shouldKeepWhatWasThereWhenAnImageCannotBeWritten() {
    // given
    states.write(100, Map.of("topics", image(new byte[] {1})));
    StorageException failure = new StorageException(StorageException.Reason.IO, "no sync");

    // when
    assertThatThrownBy(() -> states.write(200, Map.of("queues", out -> {
          throw failure;
        })))
        .isSameAs(failure);

    // then
    assertThat(files.list(directory)).containsExactly("00000000000000000100.state");
    states.write(200, Map.of("topics", image(new byte[] {2})));
    try (StateFile state = states.newest()) {
      assertThat(state.position()).isEqualTo(200);
    }
  }

  static Image image(byte[] bytes) {
    return out -> {
      // some by one, some at once: pages must not care
      int half = Math.min(bytes.length / 2, 1000);
      for (int i = 0; i < half; i++) {
        out.writeByte(bytes[i]);
      }
      out.write(bytes, half, bytes.length - half);
    };
  }

  static byte[] restored(StateFile state, String view, int length) {
    Bytes bytes = new Bytes(view, length);
    state.restoreOne(bytes);
    return bytes.read;
  }

  private byte[] bytes(Path path) {
    try (StoreFile file = files.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(bytes, 0);
      return bytes.array();
    }
  }

  private void overwrite(Path path, byte[] bytes) {
    try (StoreFile file = files.open(path)) {
      file.truncate(0);
      file.write(ByteBuffer.wrap(bytes), 0);
    }
  }

  /** A view that is some bytes. */
  private static class Bytes implements View {
    private final String name;
    private final byte[] read;

    Bytes(String name, int length) {
      this.name = name;
      this.read = new byte[length];
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Image beginImage() {
      return StateFilesContract.image(read);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      in.readFully(read);
    }
  }
}
