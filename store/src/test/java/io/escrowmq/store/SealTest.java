package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A log that is opened and closed again and again without a record: starts that fail, say. */
final class SealTest {

  private static final LogSettings SETTINGS = new LogSettings(65536, 0, FlushMode.SYNC);

  @Test
  void shouldGetOneMarkHoweverOftenItIsOpenedAndClosed() {
    for (int seed = 0; seed < 50; seed++) {
      // given: it ended in order, or not
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = new LogModel("seed " + seed, files, SETTINGS, random);
      model.work(1 + random.nextInt(40));
      long trusted = 0;
      switch (random.nextInt(3)) {
        case 0 -> model.log().close();
        case 1 -> files.kill();
        default -> {
          model.write();
          model.sync();
          trusted = random.nextBoolean() ? model.log().end() : 0; // a state file without a mark
          files.crash();
        }
      }
      long found = openAndClose(files, trusted);

      // when
      long first = openAndClose(files, trusted);
      List<String> names = files.list(LogModel.DIRECTORY);
      long last = 0;
      for (int i = 0; i < 20; i++) {
        last = openAndClose(files, trusted);
      }

      // then
      assertThat(first).as("seed %d", seed).isEqualTo(found);
      assertThat(last).as("seed %d", seed).isEqualTo(first);
      assertThat(files.list(LogModel.DIRECTORY)).isEqualTo(names);
    }
  }

  @Test
  void shouldWitnessWhatWasAppendedSince() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    openAndClose(files, 0);
    CommitLog log = open(files, 0);
    assertThat(log.room().forMessage(100)).isTrue();
    log.append(RecordKind.MESSAGE, 0, 100, Payloads.of(new byte[100]));
    log.close();

    // when: its only record is damaged
    Path file = LogModel.DIRECTORY.resolve("%020d.log".formatted(0));
    files.flipBit(file, SegmentHeader.BYTES + 50, 1);

    // then
    assertThat(LogRepair.check(files, LogModel.DIRECTORY, 65_536, List.of())).hasSize(1);
  }

  private static long openAndClose(SimulatedFileSystem files, long trusted) {
    CommitLog log = open(files, trusted);
    log.close();
    return log.end();
  }

  private static CommitLog open(SimulatedFileSystem files, long trusted) {
    return CommitLog.open(
        files, LogModel.DIRECTORY, SETTINGS, trusted, LogModel.CLOCK, LogModel.SECRETS);
  }
}
