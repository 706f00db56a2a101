package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory that a batch is collected in: it grows with a large batch, and does not stay large. */
class StagingTest {

  private static final int FIRST_BYTES = 1 << 20;
  private static final int KEPT_BYTES = 8 << 20;

  private final Staging staging = new Staging(FIRST_BYTES);

  @ParameterizedTest
  @CsvSource({"8388608, 8388608", "8388616, 1048576"})
  void shouldKeepEightMegabytesAfterABatchAndGiveUpMore(int batchBytes, int kept) {
    // given
    staging.makeRoom(0, batchBytes);
    int during = staging.bytes().capacity();

    // when
    staging.written();

    // then
    assertThat(during).isEqualTo(batchBytes);
    assertThat(staging.bytes().capacity()).isEqualTo(kept);
    assertThat(staging.view().capacity()).isEqualTo(kept);
  }

  @Test
  void shouldKeepWhatIsStagedWhileItGrows() {
    // given
    staging.bytes().putLong(FIRST_BYTES - 8, 4711);

    // when
    staging.makeRoom(FIRST_BYTES, KEPT_BYTES);

    // then
    assertThat(staging.view().getLong(FIRST_BYTES - 8)).isEqualTo(4711);
    assertThat(staging.bytes().position()).isZero();
    assertThat(staging.bytes().limit()).isEqualTo(staging.bytes().capacity());
  }

  @Test
  void shouldGrowNoMoreWhenThereIsRoom() {
    // when
    staging.makeRoom(FIRST_BYTES - 64, 64);

    // then
    assertThat(staging.bytes().capacity()).isEqualTo(FIRST_BYTES);
  }

  @Test
  void shouldTakeRecordsAsBeforeAfterAVeryLargeBatch() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    LogSettings settings = new LogSettings(32 << 20, 1 << 20, FlushMode.ASYNC);
    byte[] large = new byte[4 << 20];
    long[] positions = new long[4];

    // when
    try (CommitLog log = CommitLog.open(
        files,
        java.nio.file.Path.of("/log"),
        settings,
        0,
        java.time.InstantSource.system(),
        LogModel.SECRETS)) {
      for (int i = 0; i < 3; i++) {
        positions[i] =
            log.append(RecordKind.MESSAGE, 0, large.length, Payloads.of(large)).position();
      }
      log.write();
      positions[3] =
          log.append(RecordKind.MESSAGE, 0, 1, Payloads.of(new byte[] {7})).position();
      log.write();

      // then
      try (LogReader reader = log.newReader()) {
        for (long position : positions) {
          assertThat(reader.read(position)).isNotNull();
        }
        assertThat(reader.read(positions[3]).payload().get()).isEqualTo((byte) 7);
      }
    }
  }
}
