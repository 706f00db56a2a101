package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What readers hold of segments: views of their files, until the last reader lets go. */
final class SegmentViewsTest extends OneLog {

  @Test
  void shouldNotPullASegmentFromUnderItsReaders() {
    // given
    long first = append(40_000);
    long second = append(40_000);
    log.write();
    log.sync();
    LogReader reader = log.newReaderOfTurn();
    ByteBuffer payload = reader.read(first).payload().slice();
    reader.read(second);

    // when
    log.deleteBefore(second);

    // then
    assertThat(payload.getLong(8)).isEqualTo(0x0101010101010101L);
    assertThat(reader.read(first).position()).isEqualTo(first);
    int views = files.views();
    reader.close();
    assertThat(payload.get(0)).as("scribbled over when unmapped").isEqualTo((byte) 0xDD);
    assertThat(files.views()).isLessThan(views);
  }

  @Test
  void shouldKeepOneViewOfASegmentThatGrows() {
    // given
    SimulatedFileSystem disk = new SimulatedFileSystem(1);
    LogSettings large = new LogSettings(1024 * 1024, 0, FlushMode.ASYNC);
    CommitLog growing = CommitLog.open(disk, LogModel.DIRECTORY, large, 0, clock, LogModel.SECRETS);

    // when
    for (int i = 0; i < 100; i++) {
      byte[] payload = new byte[10_000];
      long position =
          growing.append(RecordKind.MESSAGE, 0, 10_000, Payloads.of(payload)).position();
      growing.write();
      try (LogSlice slice = growing.read(position)) {
        assertThat(slice.payload().remaining()).isEqualTo(10_000);
      }
    }

    // then
    assertThat(disk.views()).isEqualTo(1);
  }

  @Test
  void shouldUnmapEverythingInTheEnd() {
    // given
    long position = append(100);
    log.write();
    LogReader reader = log.newReaderOfTurn();
    reader.read(position);

    // when
    log.close();
    assertThat(files.views()).isPositive();
    reader.close();

    // then
    assertThat(files.views()).isZero();
    assertThatThrownBy(() -> log.read(position)).hasMessageContaining("closed");
  }
}
