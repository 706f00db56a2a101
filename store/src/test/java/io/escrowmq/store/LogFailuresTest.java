package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log whose disk fails, or whose files are damaged: what it still takes, and what a restart shows. */
final class LogFailuresTest extends OneLog {

  @Test
  void shouldTakeNothingMoreAfterAFailedSync() {
    // given
    append(10);
    log.write();
    files.failSync(1);

    // when
    assertThatThrownBy(log::sync).hasMessageContaining("could not sync");

    // then
    assertThatThrownBy(log::sync).hasMessageContaining("could not sync");
    assertThatThrownBy(() -> append(1)).hasMessageContaining("could not sync");
    assertThatThrownBy(log::write).hasMessageContaining("takes nothing more");
    assertThat(log.failure()).isNotNull();
    assertThat(log.durable()).isZero();
    log.close();
  }

  @Test
  void shouldTakeNothingMoreAfterAFailedWrite() {
    // given
    append(10);
    files.failWrite(1);

    // when // then
    assertThatThrownBy(log::write).hasMessageContaining("could not write");
    assertThatThrownBy(log::write).hasMessageContaining("takes nothing more");
    assertThatThrownBy(() -> log.room().forMessage(1)).hasMessageContaining("takes nothing more");
    assertThat(log.written()).isZero();
  }

  @Test
  void shouldTellWhyItRefusesDamage() {
    // given
    long damaged = append(1_000);
    log.write();
    log.sync();
    append(5_000);
    log.write();
    log.sync();
    append(10);
    log.write();
    Path file = LogModel.DIRECTORY.resolve("00000000000000000000.log");

    // when
    files.flipBit(file, damaged + 100, 3);

    // then
    assertThatThrownBy(() -> log.read(damaged))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
        .hasMessageContaining("position 64");
    files.kill();
    assertThatThrownBy(() -> open(0))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
        .hasMessageContaining("position 64")
        .hasMessageContaining(file.toString())
        .hasMessageContaining("no torn write");
  }

  /** The page cache is not the disk: what readers are shown after a restart has to stay. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldMakeDurableWhatItShowsAfterARestart(long seed) {
    // given
    SimulatedFileSystem disk = new SimulatedFileSystem(seed);
    long written = appendUnsynced(disk).written();
    disk.kill();

    // when
    CommitLog restarted = openOn(disk);
    long shown = restarted.written();
    long durable = restarted.durable();
    disk.crash();
    CommitLog later = openOn(disk);

    // then
    assertThat(shown).isEqualTo(written);
    assertThat(durable).isEqualTo(written);
    assertThat(later.written()).isEqualTo(written);
    later.close();
  }

  /** After a sync that failed, the system takes pages for clean that are not on disk. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldWriteAgainWhatAFailedSyncMayHaveLost(long seed) {
    // given
    SimulatedFileSystem disk = new SimulatedFileSystem(seed);
    CommitLog first = appendUnsynced(disk);
    long written = first.written();
    disk.failSync(2); // the file's; the first is the directory's
    assertThatThrownBy(first::sync).hasMessageContaining("could not sync");
    disk.kill();

    // when
    long shown = openOn(disk).written();
    disk.crash();
    CommitLog later = openOn(disk);

    // then
    assertThat(shown).isEqualTo(written);
    assertThat(later.written()).isEqualTo(written);
    later.close();
  }

  private static CommitLog appendUnsynced(SimulatedFileSystem disk) {
    CommitLog log = openOn(disk);
    byte[] payload = new byte[20_000];
    for (int i = 0; i < 20; i++) { // over several segments
      assertThat(log.room().forMessage(payload.length)).isTrue();
      log.append(RecordKind.MESSAGE, 0, payload.length, Payloads.of(payload));
      log.write();
    }
    return log;
  }

  private static CommitLog openOn(SimulatedFileSystem disk) {
    return CommitLog.open(
        disk,
        LogModel.DIRECTORY,
        new LogSettings(64 * 1024, 4096, FlushMode.SYNC),
        0,
        LogModel.CLOCK,
        LogModel.SECRETS);
  }
}
