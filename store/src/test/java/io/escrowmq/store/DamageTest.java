package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.LogModel.WrittenRecord;
import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bits that turn over, files that vanish: never a silent loss of what was durable. */
final class DamageTest {

  private static final LogSettings SETTINGS = new LogSettings(65536, 0, FlushMode.SYNC);

  @Test
  void shouldNeverLoseADurableRecordSilently() {
    int refused = 0;
    for (long seed = 0; seed < 200; seed++) {
      // given: a log that was closed, so that its last mark covers all before
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = new LogModel("seed " + seed, files, SETTINGS, random);
      model.work(40);
      model.append(100);
      model.log().close();
      long durable = model.log().end() - Mark.BYTES;
      List<WrittenRecord> before = List.copyOf(model.records());

      // when: any one bit turns over
      long position = random.nextLong(durable);
      Path file = fileOf(position);
      files.flipBit(file, position % SETTINGS.segmentBytes(), random.nextInt(8));

      // then: it is refused, or it was a bit that says nothing
      try {
        CommitLog log = open(files, 0);
        assertThat(LogModel.found(log)).as("seed %d", seed).isEqualTo(before);
      } catch (StorageException e) {
        assertThat(e.reason()).as("seed %d", seed).isEqualTo(Reason.CORRUPT);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void shouldRefuseWhenASegmentInTheMiddleIsMissing() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = threeSegments(files);
    model.log().close();

    // when
    files.delete(file(65_536));

    // then
    assertThatThrownBy(() -> open(files, 0))
        .hasMessageContaining("missing")
        .hasMessageContaining(file(131_072).toString());
  }

  @Test
  void shouldRefuseWhenTheLogEndsBeforeTheStateFile() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = threeSegments(files);
    long state = model.log().end();
    model.log().close();

    // when
    files.delete(file(131_072));

    // then
    assertThatThrownBy(() -> open(files, state)).hasMessageContaining("the state file says");
  }

  @Test
  void shouldRefuseWhenTheOldestSegmentIsMissing() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = threeSegments(files);
    long end = model.log().end();
    model.log().close();

    // when
    files.delete(file(0));

    // then: also with a state file, which needs nothing of it
    for (long trusted : List.of(0L, end)) {
      assertThatThrownBy(() -> open(files, trusted))
          .hasMessageContaining("begins at 0")
          .hasMessageContaining(file(65_536).toString());
    }
  }

  @Test
  void shouldRefuseWhenASegmentThatRetentionLeftIsMissing() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = threeSegments(files);
    model.log().deleteBefore(65_536);
    model.log().close();
    open(files, 0).close();

    // when
    files.delete(file(65_536));

    // then
    assertThatThrownBy(() -> open(files, 0)).hasMessageContaining("begins at 65536");
  }

  @Test
  void shouldOpenWhereverRetentionWasWhenThePowerFailed() {
    Path identity = LogModel.DIRECTORY.resolve("identity");
    for (int seed = 0; seed < 40; seed++) {
      // given
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      LogModel model = threeSegments(files);
      int fault = seed % 5;

      // when
      if (fault > 0) {
        files.failSync(fault);
      }
      try {
        model.log().deleteBefore(131_072);
      } catch (StorageException e) {
        assertThat(fault).isPositive();
      }
      files.crash();

      // then
      CommitLog log = open(files, 0);
      assertThat(log.start()).as("seed %d", seed).isIn(0L, 65_536L, 131_072L);
      assertThat(files.exists(identity)).isTrue();
      log.close();
    }
  }

  @Test
  void shouldMakeALostIdentityAgainWhenTheLogBeginsAtZero() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    threeSegments(files).log().close();
    Path identity = LogModel.DIRECTORY.resolve("identity");
    files.delete(identity);

    // when
    CommitLog log = open(files, 0);

    // then
    assertThat(LogModel.found(log)).hasSize(3);
    assertThat(files.exists(identity)).isTrue();
    log.deleteBefore(65_536);
    log.close();
    files.delete(identity);
    assertThatThrownBy(() -> open(files, 0)).hasMessageContaining(identity + " is missing");
  }

  @Test
  void shouldRefuseASegmentOfAnotherLog() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    threeSegments(files).log().close();
    SimulatedFileSystem others = new SimulatedFileSystem(2);
    threeSegments(others).log().close();

    // when
    copy(others, files, file(65_536));

    // then
    assertThatThrownBy(() -> open(files, 0)).hasMessageContaining(file(65_536).toString());
  }

  @Test
  void shouldDeleteNoFileThatItDidNotMake() {
    for (int seed = 0; seed < 60; seed++) {
      // given: a log of which the first segment may be gone, and files of others between and beside
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = threeSegments(files);
      if (random.nextBoolean()) {
        model.log().deleteBefore(65_536);
      }
      model.log().close();
      List<WrittenRecord> before = LogModel.found(open(files, 0));
      Map<Path, byte[]> foreign = new HashMap<>();
      for (int i = 0; i < 3; i++) {
        long start = random.nextInt(4) * 65_536L + 8L + random.nextInt(60_000);
        byte[] bytes = new byte[1 + random.nextInt(200_000)];
        if (random.nextBoolean()) {
          random.nextBytes(bytes);
        }
        bytes[random.nextInt(bytes.length)] = 1; // one byte is enough to be somebody's
        foreign.put(file(start), bytes);
        write(files, file(start), bytes);
      }

      // when
      CommitLog log = open(files, 0);

      // then
      assertThat(LogModel.found(log)).as("seed %d", seed).isEqualTo(before);
      foreign.forEach((path, bytes) -> {
        Path aside = path.resolveSibling(path.getFileName() + ".unknown-1");
        assertThat(read(files, aside)).as("%s", path).isEqualTo(bytes);
      });
    }
  }

  @Test
  void shouldDeleteFilesOfNothingButZerosWhereverTheyAre() {
    for (int seed = 0; seed < 60; seed++) {
      // given: files that were prepared with other settings
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      threeSegments(files).log().close();
      List<WrittenRecord> before = LogModel.found(open(files, 0));
      Set<String> names = Set.copyOf(files.list(LogModel.DIRECTORY));
      for (int i = random.nextInt(4); i >= 0; i--) {
        long start = random.nextBoolean() ? 196_608 + i * 32_768L : 8L + random.nextInt(400_000);
        byte[] zeros = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(200_000)];
        if (!files.exists(file(start))) {
          write(files, file(start), zeros);
        }
      }

      // when
      CommitLog log = open(files, 0);

      // then
      assertThat(LogModel.found(log)).as("seed %d", seed).isEqualTo(before);
      assertThat(Set.copyOf(files.list(LogModel.DIRECTORY))).as("seed %d", seed).isEqualTo(names);
    }
  }

  @Test
  void shouldRefuseASegmentOfAnotherLogWhereTheNextOneWouldBe() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    threeSegments(files).log().close();
    SimulatedFileSystem others = new SimulatedFileSystem(2);
    LogModel another = threeSegments(others);
    another.append(40_000);
    another.write();
    another.sync();
    another.log().close();

    // when
    copy(others, files, file(196_608));

    // then
    assertThatThrownBy(() -> open(files, 0))
        .hasMessageContaining(file(196_608) + " is a segment of another log");
    assertThat(files.exists(file(196_608))).isTrue();
  }

  private static void write(SimulatedFileSystem files, Path path, byte[] bytes) {
    try (StoreFile file = files.open(path)) {
      file.write(ByteBuffer.wrap(bytes), 0);
      file.sync();
    }
  }

  private static byte[] read(SimulatedFileSystem files, Path path) {
    try (StoreFile file = files.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(bytes, 0);
      return bytes.array();
    }
  }

  private static void copy(SimulatedFileSystem from, SimulatedFileSystem to, Path path) {
    try (StoreFile source = from.open(path);
        StoreFile target = to.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
      source.read(bytes, 0);
      target.write(bytes.flip(), 0);
    }
  }

  @Test
  void shouldRefuseAPositionWhereNoRecordBegins() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = threeSegments(files);
    model.log().close();

    // when // then
    assertThatThrownBy(() -> open(files, 131_072 + SegmentHeader.BYTES + 8))
        .hasMessageContaining("no record of the log begins at position 131144");
  }

  @Test
  void shouldRefuseAnEmptyDirectoryWhenTheStateFileKnowsOfALog() {
    assertThatThrownBy(() -> open(new SimulatedFileSystem(1), 1_000))
        .hasMessageContaining("durable up to 1000");
  }

  @Test
  void shouldCutATailOfStaleBytesSoThatTheyNeverComeBack() {
    // given: two records of which only the second reached the disk
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    CommitLog log = open(files, 0);
    append(log);
    log.write();
    log.sync();
    long lost = append(log);
    long stale = append(log);
    log.write();
    files.kill();
    files.flipBit(file(0), lost + 30, 1);

    // when: the place of the first is taken by a record of the same length
    log = open(files, 0);
    assertThat(log.recovery().end()).isEqualTo(lost);
    assertThat(log.recovery().cutBytes()).isPositive();
    assertThat(append(log)).isEqualTo(lost);
    log.write();
    log.sync();
    files.kill();

    // then
    log = open(files, 0);
    assertThat(LogModel.found(log)).extracting(WrittenRecord::position).doesNotContain(stale);
    assertThat(log.end()).isEqualTo(stale);
  }

  private static long append(CommitLog log) {
    return log.append(RecordKind.MESSAGE, 0, 100, Payloads.of(new byte[100])).position();
  }

  private static LogModel threeSegments(SimulatedFileSystem files) {
    LogModel model = new LogModel("three segments", files, SETTINGS, new Random(1));
    for (int i = 0; i < 3; i++) {
      model.append(40_000);
      model.write();
      model.sync();
    }
    return model;
  }

  private static Path fileOf(long position) {
    return file(position / SETTINGS.segmentBytes() * SETTINGS.segmentBytes());
  }

  private static Path file(long start) {
    return LogModel.DIRECTORY.resolve("%020d.log".formatted(start));
  }

  private static CommitLog open(SimulatedFileSystem files, long trustedFrom) {
    return CommitLog.open(
        files, LogModel.DIRECTORY, SETTINGS, trustedFrom, LogModel.CLOCK, LogModel.SECRETS);
  }
}
