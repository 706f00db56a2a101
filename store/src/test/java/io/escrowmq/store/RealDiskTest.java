package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on this machine's disk: what a simulated one cannot show, mappings above all. */
final class RealDiskTest {

  private static final LogSettings SETTINGS = new LogSettings(1024 * 1024, 4096, FlushMode.SYNC);

  @TempDir
  private Path directory;

  @Test
  void shouldRollReadDeleteAndComeBack() {
    // given
    CommitLog log = open(0);
    List<Long> positions = new ArrayList<>();
    try (LogReader reader = log.newReaderOfTurn()) {
      for (int i = 0; i < 400; i++) {
        positions.add(append(log, i));
        log.write();
        assertThat(numberAt(reader, positions.get(i))).isEqualTo(i);
      }
      log.sync();
      log.deleteBefore(positions.get(300));
      assertThat(numberAt(reader, positions.get(0))).as("still held").isZero();
    }
    long state = log.end();

    // when
    log.close();
    log = open(state);

    // then
    assertThat(log.recovery().verifiedFrom()).isEqualTo(state);
    assertThat(log.start()).isPositive().isLessThanOrEqualTo(positions.get(300));
    assertThat(log.read(positions.get(0))).isNull();
    try (LogReader reader = log.newReaderOfTurn()) {
      for (int i = 300; i < 400; i++) {
        assertThat(numberAt(reader, positions.get(i))).isEqualTo(i);
      }
    }
    log.close();
  }

  @Test
  void shouldCutWhatIsTornAndGoOn() {
    // given: a log that was left alone, and a record that is not whole
    CommitLog log = open(0);
    long first = append(log, 1);
    log.write();
    long torn = append(log, 2);
    log.write();
    Path file = directory.resolve("log").resolve("00000000000000000000.log");
    try (StoreFile damaged = new RealFileSystem().open(file)) {
      damaged.write(ByteBuffer.wrap(new byte[] {99}), torn + 5_000);
    }

    // when
    CommitLog again = open(0);

    // then
    assertThat(again.recovery().end()).isEqualTo(torn);
    assertThat(again.recovery().cutBytes()).isPositive();
    long third = append(again, 3);
    assertThat(third).isEqualTo(torn + Mark.BYTES); // opening made durable what it found
    again.write();
    try (LogReader reader = again.newReaderOfTurn()) {
      assertThat(numberAt(reader, first)).isEqualTo(1);
      assertThat(numberAt(reader, third)).isEqualTo(3);
    }
    again.close();
  }

  private CommitLog open(long trustedFrom) {
    return CommitLog.open(
        new RealFileSystem(),
        directory.resolve("log"),
        SETTINGS,
        trustedFrom,
        LogModel.CLOCK,
        LogModel.SECRETS);
  }

  private static long append(CommitLog log, int number) {
    byte[] payload = new byte[10_000];
    ByteBuffer.wrap(payload).putInt(0, number);
    assertThat(log.room().forMessage(payload.length)).isTrue();
    return log.append(RecordKind.MESSAGE, 0, payload.length, Payloads.of(payload))
        .position();
  }

  private static int numberAt(LogReader reader, long position) {
    ByteBuffer payload = reader.read(position).payload();
    return payload.getInt(payload.position());
  }
}
