package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A disk that is full answers before anything is ruled on, and the log goes on by itself. */
final class FullDiskTest {

  private static final LogSettings SETTINGS = new LogSettings(65536, 4096, FlushMode.SYNC);

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private long nowMillis = 1_000;
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
  private final CommitLog log =
      CommitLog.open(files, LogModel.DIRECTORY, SETTINGS, 0, clock, LogModel.SECRETS);

  @Test
  void shouldRefuseOnAFullDiskAndGoOnWhenThereIsRoom() {
    // given
    files.capacity(files.usedBytes() + 100_000);
    long refusedAt = fill(1_000);

    // when
    assertThat(shortage().missingBytes()).isPositive();
    assertThat(log.room().forMessage(1_000)).isFalse();
    files.capacity(Long.MAX_VALUE);
    assertThat(log.room().forMessage(1_000)).as("asked again at once").isFalse();
    nowMillis += 100;

    // then
    assertThat(log.room().forMessage(1_000)).isTrue();
    assertThat(log.room().shortage()).isNull();
    assertThat(append(1_000)).isGreaterThanOrEqualTo(refusedAt);
    log.write();
    log.sync();
    log.close();
  }

  @Test
  void shouldRefuseWhileNoSegmentCanBeOpenedAndGoOnAfterwards() {
    // given
    files.fault((operation, file) -> {
      if (operation == SimulatedFileSystem.Operation.OPEN) {
        throw new StorageException(
            StorageException.Reason.IO, "could not open " + file + ": Too many open files");
      }
    });

    // when
    long refusedAt = fill(1_000);

    // then
    assertThat(log.failure()).isNull();
    assertThat(shortage().reason()).contains("Too many open files");

    // when
    files.fault((operation, file) -> {});
    nowMillis += 100;

    // then
    assertThat(log.room().forMessage(1_000)).isTrue();
    assertThat(log.room().shortage()).isNull();
    assertThat(append(1_000)).isGreaterThanOrEqualTo(refusedAt);
    log.write();
    log.sync();
    log.close();
  }

  @Test
  void shouldKeepTheReserveForWhatMustGoOn() {
    // given
    files.capacity(files.usedBytes() + 150_000);
    fill(1_000);

    // when
    int taken = 0;
    while (log.room().inReserve(100)) {
      append(100);
      log.write();
      log.sync();
      taken += RecordLayout.bytesFor(100);
    }

    // then
    assertThat(taken).isGreaterThan(SETTINGS.reserveBytes() / 2);
    log.close();
  }

  @Test
  void shouldSayHowMuchIsMissing() {
    // given
    files.capacity(files.usedBytes() + 100_000);
    fill(1_000);

    // when
    files.capacity(100_000 + shortage().missingBytes() + 2 * SimulatedFile.BLOCK);
    nowMillis += 100;

    // then
    assertThat(log.room().forMessage(1_000)).isTrue();
  }

  @Test
  void shouldNeverMeetAFullDiskInABatch() {
    for (long seed = 0; seed < 100; seed++) {
      // given
      SimulatedFileSystem disk = new SimulatedFileSystem(seed);
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      LogModel model = new LogModel("seed " + seed, disk, SETTINGS, random);
      for (int life = 0; life < 4; life++) {
        disk.capacity(disk.usedBytes() + random.nextInt(200_000));

        // when // then: no write fails, and whatever was written is there again
        int refused = 0;
        for (int i = 0; i < 200 && refused < 5; i++) {
          refused += model.appendIfThereIsRoom(random.nextInt(3_000)) ? 0 : 1;
          if (random.nextInt(3) == 0) {
            model.write();
          }
          if (random.nextInt(9) == 0) {
            model.sync();
          }
        }
        model.write();
        switch (random.nextInt(3)) {
          case 0 -> model.kill();
          case 1 -> model.crash();
          default -> model.closeAndReopen();
        }
      }
    }
  }

  private Shortage.OfDisk shortage() {
    return (Shortage.OfDisk) Objects.requireNonNull(log.room().shortage());
  }

  private long fill(int payloadLength) {
    while (log.room().forMessage(payloadLength)) {
      append(payloadLength);
      log.write();
    }
    return log.end();
  }

  private long append(int payloadLength) {
    byte[] payload = new byte[payloadLength];
    return log.append(RecordKind.MESSAGE, 0, payloadLength, Payloads.of(payload))
        .position();
  }
}
