package io.escrowmq.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SimulatedStateFilesTest extends StateFilesContract {

  private static final Path DIRECTORY = Path.of("/store/state");

  @Override
  FileSystem files() {
    return new SimulatedFileSystem(1);
  }

  @Override
  Path directory() {
    return DIRECTORY;
  }

  @Test
  void shouldHaveTheOldOrTheNewOneWhereverThePowerFails() {
    for (int seed = 0; seed < 40; seed++) {
      // given
      Random random = new Random(seed);
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      StateFiles states = new StateFiles(files, DIRECTORY);
      byte[] bytes = new byte[100_000];
      states.write(100, Map.of("topics", image(bytes)));
      bytes[99_999] = 1;

      // when
      boolean written = true;
      try {
        if (random.nextBoolean()) {
          files.failWrite(1 + random.nextInt(6));
        } else {
          files.failSync(1 + random.nextInt(2));
        }
        states.write(200, Map.of("topics", image(bytes)));
      } catch (StorageException e) {
        written = false;
      }
      files.crash();

      // then
      try (StateFile state = new StateFiles(files, DIRECTORY).newest()) {
        assertThat(state).as("seed %d", seed).isNotNull();
        assertThat(state.position() == 200 || !written).as("seed %d", seed).isTrue();
        byte last = restored(state, "topics", 100_000)[99_999];
        assertThat(last).as("seed %d", seed).isEqualTo((byte) (state.position() == 200 ? 1 : 0));
      }
    }
  }

  @Test
  void shouldKeepTheFirstStateFileWhenThePowerFails() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    new StateFiles(files, DIRECTORY).write(100, Map.of("topics", image(new byte[1])));

    // when
    files.crash();

    // then: also its directory, which was new
    try (StateFile state = new StateFiles(files, DIRECTORY).newest()) {
      assertThat(state).isNotNull();
    }
  }

  @Test
  void shouldGoOnAfterAFullDisk() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(7);
    StateFiles states = new StateFiles(files, DIRECTORY);
    states.write(100, Map.of("topics", image(new byte[100_000])));
    long used = files.usedBytes();
    files.capacity(used + 50_000);

    // when
    assertThatThrownBy(() -> states.write(200, Map.of("topics", image(new byte[200_000]))))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.FULL));

    // then
    assertThat(files.usedBytes()).isEqualTo(used);
    assertThat(files.list(DIRECTORY)).containsExactly("00000000000000000100.state");
  }

  @Test
  void shouldWriteTwoStateFilesOnAFullDiskThoughTheReserveCouldNotGrow() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(7);
    StateFiles states = new StateFiles(files, DIRECTORY);
    states.keepRoom();
    states.write(100, Map.of("topics", image(new byte[300_000])));
    Map<String, Image> larger = Map.of("topics", image(new byte[360_000]));
    files.capacity(files.usedBytes() + bytesOf(larger) + 8_192); // not for a larger reserve
    states.write(200, larger);

    // when: whatever is freed is taken by the log
    for (int position = 300; position <= 400; position += 100) {
      files.capacity(files.usedBytes());
      states.write(position, larger);
    }

    // then
    try (StateFile state = new StateFiles(files, DIRECTORY).newest()) {
      assertThat(state.position()).isEqualTo(400);
    }
  }

  private static long bytesOf(Map<String, Image> images) {
    SimulatedFileSystem files = new SimulatedFileSystem(7);
    new StateFiles(files, DIRECTORY).write(100, images);
    return files.usedBytes();
  }
}
