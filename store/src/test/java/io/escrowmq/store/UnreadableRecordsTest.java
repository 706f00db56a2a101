package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that cannot be read: damaged for good, or out of reach for now; never anything else. */
final class UnreadableRecordsTest {

  private static final int SEGMENT_BYTES = 64 * 1024;
  private static final int PAYLOAD_BYTES = 2_000;

  private SimulatedFileSystem files = new SimulatedFileSystem(3);
  private CommitLog log = open(files, LogModel.DIRECTORY);
  private final List<Long> positions = new ArrayList<>();

  @BeforeEach
  void fill() {
    fill(log);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void shouldCallARecordDamagedWhoseBytesAreMissingFromTheFile() {
    // given
    files.cut(firstSegment(), positions.get(3) + 100);

    // when // then
    assertThat(reasonAt(positions.get(2))).isNull();
    assertThat(reasonAt(positions.get(3))).isEqualTo(Reason.CORRUPT);
    assertThat(reasonAt(positions.get(4))).isEqualTo(Reason.CORRUPT);
    assertThatThrownBy(() -> log.read(positions.get(4)))
        .hasMessageContaining("is missing: " + firstSegment());
  }

  @Test
  void shouldCallARecordDamagedWhoseBytesAreWrong() {
    // given
    files.flipBit(firstSegment(), positions.get(3) + 100, 1);

    // when // then
    assertThat(reasonAt(positions.get(3))).isEqualTo(Reason.CORRUPT);
    assertThat(reasonAt(positions.get(4))).isNull();
  }

  @Test
  void shouldReadARecordThatCouldNotBeMappedAMomentAgo() {
    // given
    files.fault((operation, file) -> {
      if (operation == Operation.MAP) {
        throw new StorageException(Reason.IO, "could not map " + file + ": Input/output error");
      }
    });
    Reason whileItFails = reasonAt(positions.get(3));

    // when
    files.fault((operation, file) -> {});

    // then
    assertThat(whileItFails).isEqualTo(Reason.IO);
    assertThat(reasonAt(positions.get(3))).isNull();
  }

  /** Else a page that a disk did not give once would be taken for a damaged record for ever. */
  @Test
  void shouldCallARecordUnreadableForNowThatIsWrongInItsMappingOnly() {
    // given
    assertThat(reasonAt(positions.get(3))).isNull(); // mapped from now on

    // when
    files.withhold(firstSegment(), positions.get(3), PAYLOAD_BYTES);
    Reason whileTheDiskFails = reasonAt(positions.get(3));
    files.give(firstSegment());
    Reason whileTheFileHasIt = reasonAt(positions.get(3));
    files.flipBit(firstSegment(), positions.get(3) + 100, 1);

    // then
    assertThat(whileTheFileHasIt).isEqualTo(Reason.IO);
    assertThat(whileTheDiskFails).isEqualTo(Reason.IO);
    assertThat(reasonAt(positions.get(3))).isEqualTo(Reason.CORRUPT);
    assertThat(reasonAt(positions.get(4))).isNull();
  }

  /** On a real disk: the system answers the access to a page behind the file's end with SIGBUS. */
  @ParameterizedTest
  @ValueSource(ints = {1, 20_000}) // interpreted and compiled code meet a fault in different ways
  void shouldCallARecordDamagedWhoseFileWasCutWhileItWasMapped(
      int readsBefore, @TempDir Path directory) {
    // given
    log.close();
    log = open(new RealFileSystem(), directory.resolve("log"));
    positions.clear();
    fill(log);
    for (int i = 0; i < readsBefore; i++) {
      assertThat(reasonAt(positions.get(i % positions.size()))).isNull();
    }

    // when
    try (StoreFile file =
        new RealFileSystem().open(directory.resolve("log/00000000000000000000.log"))) {
      file.truncate(8192);
    }

    // then
    long acrossTheEnd = positions.get(4);
    assertThat(acrossTheEnd).isBetween(8192L - PAYLOAD_BYTES, 8191L);
    assertThat(reasonAt(acrossTheEnd)).isEqualTo(Reason.CORRUPT);
    assertThat(reasonAt(positions.get(20))).isEqualTo(Reason.CORRUPT);
    assertThat(reasonAt(positions.get(1))).isNull();
  }

  @Test
  void shouldThrowNothingButStorageExceptionsWhateverThePositionAndTheDamage() {
    for (long seed = 0; seed < 40; seed++) {
      // given
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      beginAnew(); // what was mapped before a file was cut does not change
      for (int harm = random.nextInt(3); harm >= 0; harm--) {
        damage(random);
      }

      for (int i = 0; i < 500; i++) {
        long position = random.nextBoolean()
            ? positions.get(random.nextInt(positions.size()))
            : random.nextLong(-100, log.end() + 3L * SEGMENT_BYTES);
        try {
          // when
          LogSlice found = log.read(position);

          // then
          if (found != null) {
            assertThat(positions).as("seed %d", seed).contains(position);
            found.close();
          }
        } catch (StorageException e) {
          assertThat(e.reason())
              .as("seed %d, position %d", seed, position)
              .isEqualTo(position >= log.written() ? Reason.IO : Reason.CORRUPT);
        }
      }
    }
  }

  private void beginAnew() {
    log.close();
    files = new SimulatedFileSystem(3);
    log = open(files, LogModel.DIRECTORY);
    positions.clear();
    fill(log);
  }

  private void damage(Random random) {
    Path file =
        LogModel.DIRECTORY.resolve("%020d.log".formatted((long) random.nextInt(3) * SEGMENT_BYTES));
    if (random.nextInt(4) == 0) {
      files.cut(file, random.nextInt(SEGMENT_BYTES));
    } else {
      files.flipBit(file, random.nextInt(SEGMENT_BYTES), random.nextInt(8));
    }
  }

  private void fill(CommitLog filled) {
    while (filled.end() < 3 * SEGMENT_BYTES) {
      byte[] payload =
          ByteBuffer.allocate(PAYLOAD_BYTES).putInt(positions.size()).array();
      positions.add(filled
          .append(RecordKind.MESSAGE, 0, payload.length, Payloads.of(payload))
          .position());
      filled.write();
    }
    filled.sync();
  }

  /** Why the record there cannot be read; null when it can. */
  private Reason reasonAt(long position) {
    try (LogSlice slice = log.read(position)) {
      assertThat(slice).isNotNull();
      return null;
    } catch (StorageException e) {
      return e.reason();
    }
  }

  private static Path firstSegment() {
    return LogModel.DIRECTORY.resolve("%020d.log".formatted(0L));
  }

  private static CommitLog open(FileSystem disk, Path directory) {
    return CommitLog.open(
        disk,
        directory,
        new LogSettings(SEGMENT_BYTES, 0, FlushMode.ASYNC),
        0,
        LogModel.CLOCK,
        LogModel.SECRETS);
  }
}
