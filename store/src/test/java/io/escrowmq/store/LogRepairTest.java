package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.LogModel.WrittenRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any damage to any file of a log: repair keeps every record that lies outside it. */
final class LogRepairTest {

  private static final LogSettings SETTINGS = new LogSettings(65536, 0, FlushMode.SYNC);
  private static final Path ASIDE = LogModel.DIRECTORY.resolveSibling("damaged");

  @Test
  void shouldKeepEveryRecordOutsideAnyDamage() {
    int damagedAtAll = 0;
    for (int seed = 0; seed < 300; seed++) {
      // given: a closed log of a few segments, from position 0 or not
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = new LogModel("seed " + seed, files, SETTINGS, random);
      for (int i = 0; i < 5; i++) {
        model.work(25);
        model.append(20_000);
        model.write();
        model.sync();
      }
      if (random.nextBoolean()) {
        model.log().deleteBefore(65_536L * random.nextInt(3));
      }
      long start = model.log().start();
      model.log().close();
      long end = model.log().end() - Mark.BYTES; // the state file's position
      List<Long> states = states(model, random, start, end);

      // when
      List<long[]> damage = new ArrayList<>();
      String what = damage(files, random, start, end, damage);
      int setting = 32_768 << random.nextInt(3); // perhaps changed since
      String name =
          "seed " + seed + ": " + what + ", state files at " + states + ", set to " + setting;

      // then
      List<Damage> checked = LogRepair.check(files, LogModel.DIRECTORY, setting, states);
      List<Damage> mended = LogRepair.repair(
              files, LogModel.DIRECTORY, setting, states, 1_000_000, ASIDE)
          .damages();
      assertThat(mended).as(name).isEqualTo(checked);
      damagedAtAll += checked.isEmpty() ? 0 : 1;
      CommitLog log = open(files, 0, name + " " + mended);
      for (long position : states) { // whichever state file can be used
        log.close();
        log = open(files, position, name + " from " + position + " " + mended);
        log.replay(position, record -> {});
      }
      Set<WrittenRecord> found = new HashSet<>(LogModel.found(log));
      for (WrittenRecord record : model.records()) {
        boolean isHit = damage.stream()
            .anyMatch(range -> record.position() < range[1]
                && record.position() + RecordLayout.bytesFor(record.payload().remaining())
                    > range[0]);
        if (record.position() >= start && !isHit) {
          assertThat(found).as("%s: %s of %s", name, record, mended).contains(record);
        }
      }
      append(log);
      log.close();
      assertThat(LogRepair.check(files, LogModel.DIRECTORY, setting, List.of()))
          .as(name)
          .isEmpty();
    }
    assertThat(damagedAtAll).isGreaterThan(200);
  }

  /** None; or one at the end, and perhaps one where any record begins. */
  private static List<Long> states(LogModel model, Random random, long start, long end) {
    List<Long> states = new ArrayList<>();
    if (random.nextInt(3) > 0) {
      List<WrittenRecord> records =
          model.records().stream().filter(record -> record.position() > start).toList();
      if (random.nextInt(3) > 0) {
        states.add(records.get(random.nextInt(records.size())).position());
      }
      states.add(end);
    }
    return states;
  }

  private static CommitLog open(SimulatedFileSystem files, long trusted, String name) {
    try {
      return CommitLog.open(
          files, LogModel.DIRECTORY, SETTINGS, trusted, LogModel.CLOCK, LogModel.SECRETS);
    } catch (StorageException e) {
      throw new AssertionError(name, e);
    }
  }

  /** Harms one file; notes which positions were hit. */
  private static String damage(
      SimulatedFileSystem files, Random random, long start, long end, List<long[]> hit) {
    List<Long> starts = new ArrayList<>();
    for (long at = start / 65_536 * 65_536; at <= end; at += 65_536) {
      starts.add(at);
    }
    long segment = starts.get(random.nextInt(starts.size()));
    long ends = Math.min(segment + 65_536, end);
    int used = (int) (ends - segment);
    if (used <= SegmentHeader.BYTES) {
      return "nothing";
    }
    switch (random.nextInt(6)) {
      case 0 -> {
        long at = segment + random.nextInt(used);
        files.flipBit(file(segment), at - segment, random.nextInt(8));
        hit.add(new long[] {at, at + 1});
        return "bit at " + at;
      }
      case 1 -> {
        int at = random.nextInt(used);
        int to = Math.min(used, at + 4096);
        write(files, segment, at, new byte[to - at]);
        hit.add(new long[] {segment + at, segment + to});
        return "zeros from " + (segment + at);
      }
      case 2 -> {
        int at = random.nextInt(used);
        try (StoreFile file = files.open(file(segment))) {
          file.truncate(at);
        }
        hit.add(new long[] {segment + at, segment + 65_536});
        return "cut at " + (segment + at);
      }
      case 3 -> {
        files.delete(file(segment));
        hit.add(new long[] {segment, segment + 65_536});
        return "deleted " + segment;
      }
      case 4 -> {
        int at = random.nextInt(used);
        byte[] garbage = new byte[Math.min(used - at, 1 + random.nextInt(10_000))];
        random.nextBytes(garbage);
        write(files, segment, at, garbage);
        hit.add(new long[] {segment + at, segment + at + garbage.length});
        return "garbage from " + (segment + at);
      }
      default -> {
        write(files, segment, 0, new byte[SegmentHeader.BYTES]);
        return "header of " + segment;
      }
    }
  }

  @Test
  void shouldMoveAForeignFileAway() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = new LogModel("", files, SETTINGS, new Random(1));
    model.work(20);
    model.log().close();
    write(files, 99_999_999, 0, new byte[] {1, 2, 3});

    // when
    List<Damage> mended =
        LogRepair.repair(files, LogModel.DIRECTORY, 65_536, List.of(), 0, ASIDE).damages();

    // then
    assertThat(mended).hasSize(1);
    assertThat(files.exists(file(99_999_999))).isFalse();
    assertThat(files.list(ASIDE)).containsExactly("00000000000099999999.log");
  }

  @Test
  void shouldChangeNothingInATornTail() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(3);
    LogModel model = new LogModel("", files, SETTINGS, new Random(3));
    model.append(100);
    model.write();
    model.sync();
    model.append(100);
    model.append(100);
    model.write();
    files.kill();
    files.flipBit(file(0), 64 + 128 + 30, 1);

    // when // then
    assertThat(LogRepair.check(files, LogModel.DIRECTORY, 65_536, List.of())).isEmpty();
  }

  @Test
  void shouldReadADamagedRecordWhereBytesWereLost() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogModel model = new LogModel("", files, SETTINGS, new Random(1));
    model.append(100);
    long lost = model.log().end();
    model.append(5000);
    model.append(100);
    model.log().close();
    files.flipBit(file(0), lost + 100, 1);

    // when
    LogRepair.repair(files, LogModel.DIRECTORY, 65_536, List.of(), 0, ASIDE);
    CommitLog log =
        CommitLog.open(files, LogModel.DIRECTORY, SETTINGS, 0, LogModel.CLOCK, LogModel.SECRETS);

    // then
    assertThat(LogModel.found(log)).hasSize(2);
    assertThatThrownBy(() -> log.read(lost))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.CORRUPT));
  }

  private static void append(CommitLog log) {
    assertThat(log.room().forMessage(100)).isTrue();
    log.append(RecordKind.MESSAGE, 0, 100, Payloads.of(new byte[100]));
    log.write();
    log.sync();
  }

  private static void write(SimulatedFileSystem files, long segment, int at, byte[] bytes) {
    try (StoreFile file = files.open(file(segment))) {
      file.write(ByteBuffer.wrap(bytes), at);
      file.sync();
    }
  }

  private static Path file(long start) {
    return LogModel.DIRECTORY.resolve("%020d.log".formatted(start));
  }
}
