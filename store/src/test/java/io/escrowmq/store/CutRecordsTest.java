package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.LogModel.WrittenRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What recovery cuts although it is whole is kept beside the log. */
final class CutRecordsTest {

  private static final LogSettings SETTINGS = new LogSettings(65536, 0, FlushMode.ASYNC);
  private static final Path ASIDE = LogModel.DIRECTORY.resolveSibling("damaged-19700101-001640");

  @Test
  void shouldKeepEveryWholeRecordThatItCuts() {
    int kept = 0;
    for (int seed = 0; seed < 150; seed++) {
      // given: records of which no mark says that they are durable, in up to three segments
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = new LogModel("seed " + seed, files, SETTINGS, random);
      for (int i = 2 + random.nextInt(20); i > 0; i--) {
        model.append(random.nextInt(random.nextBoolean() ? 500 : 9000));
      }
      model.write();
      files.kill();

      // when: one bit turns over in a record, or in the header of a segment
      List<WrittenRecord> records = model.records();
      int struck = random.nextInt(records.size() - 1);
      long position = records.get(struck).position();
      long start = position / SETTINGS.segmentBytes() * SETTINGS.segmentBytes();
      boolean inHeader = random.nextInt(3) == 0;
      files.flipBit(file(start), inHeader ? random.nextInt(64) : position - start, 3);
      CommitLog log =
          CommitLog.open(files, LogModel.DIRECTORY, SETTINGS, 0, LogModel.CLOCK, LogModel.SECRETS);

      // then: each record is in the log, or in the copy of what was cut
      List<WrittenRecord> found = LogModel.found(log);
      List<byte[]> copies = copies(files);
      for (WrittenRecord record : records) {
        if (!found.contains(record) && (inHeader || record.position() != position)) {
          assertThat(copies)
              .as("seed %d: %s, %s", seed, record, log.recovery())
              .anyMatch(copy -> contains(copy, record.payload()));
          assertThat(log.recovery().reason()).contains("whole records");
          kept++;
        }
      }
      log.close();
    }
    assertThat(kept).isGreaterThan(200);
  }

  @Test
  void shouldKeepNothingOfATailThatIsTorn() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = new LogModel("torn", files, SETTINGS, new Random(1));
    model.append(100);
    model.append(100);
    model.write();
    files.kill();
    files.flipBit(file(0), model.records().get(1).position(), 3);

    // when
    CommitLog log =
        CommitLog.open(files, LogModel.DIRECTORY, SETTINGS, 0, LogModel.CLOCK, LogModel.SECRETS);

    // then
    assertThat(log.recovery().cutBytes()).isPositive();
    assertThat(log.recovery().reason()).contains("is torn");
    assertThat(copies(files)).isEmpty();
  }

  @Test
  void shouldStartAllTheSameWhenTheCopyFindsNoRoom() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = new LogModel("full", files, SETTINGS, new Random(1));
    for (int i = 0; i < 3; i++) {
      model.append(100);
    }
    model.write();
    files.kill();
    files.flipBit(file(0), model.records().get(1).position(), 3);
    files.fault((operation, file) -> {
      if (file.startsWith(ASIDE)) {
        throw new StorageException(StorageException.Reason.FULL, "the disk is full");
      }
    });

    // when
    CommitLog log =
        CommitLog.open(files, LogModel.DIRECTORY, SETTINGS, 0, LogModel.CLOCK, LogModel.SECRETS);

    // then
    assertThat(LogModel.found(log)).isEqualTo(model.records().subList(0, 1));
  }

  private static Path file(long start) {
    return LogModel.DIRECTORY.resolve("%020d.log".formatted(start));
  }

  private static List<byte[]> copies(SimulatedFileSystem files) {
    List<byte[]> copies = new ArrayList<>();
    for (String name : files.list(ASIDE)) {
      try (StoreFile file = files.open(ASIDE.resolve(name))) {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        copies.add(bytes.array());
      }
    }
    return copies;
  }

  private static boolean contains(byte[] copy, ByteBuffer payload) {
    for (int at = 0; at + payload.remaining() <= copy.length; at++) {
      if (ByteBuffer.wrap(copy, at, payload.remaining()).equals(payload)) {
        return true;
      }
    }
    return false;
  }
}
