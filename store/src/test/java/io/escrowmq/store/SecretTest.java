package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Senders choose the bytes of their messages: none may pass for a record of the log. */
final class SecretTest {

  private static final LogSettings SETTINGS = new LogSettings(65536, 0, FlushMode.ASYNC);

  @Test
  void shouldCutATornTailAheadOfAMessageThatPretendsToBeAMark() {
    for (int seed = 0; seed < 20; seed++) {
      // given: an unsynced record, and behind it a message full of marks that say "all was durable"
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      CommitLog log = open(files, new Random(seed));
      append(log, new byte[100]);
      log.write();
      log.sync();
      long torn = append(log, new byte[100]);
      log.append(
          RecordKind.MESSAGE,
          0,
          4096,
          (at, batch) -> batch.put(marks(at + RecordLayout.HEADER_BYTES, 4096)));
      log.write();
      files.kill();
      files.flipBit(file(), torn + 30, 1);

      // when
      CommitLog reopened = open(files, new Random(seed));

      // then
      assertThat(reopened.recovery().end()).isEqualTo(torn);
    }
  }

  @Test
  void shouldNotReadARecordThatASenderWroteIntoAMessage() {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    CommitLog log = open(files, new Random(1));
    long forged = RecordLayout.HEADER_BYTES
        + log.append(
                RecordKind.MESSAGE,
                0,
                4096,
                (at, batch) -> batch.put(
                    records(RecordKind.MESSAGE.number(), at + RecordLayout.HEADER_BYTES, 4096)))
            .position();
    log.write();

    // when // then
    for (long at = forged; at + Mark.BYTES < log.written(); at += 8) {
      long position = at;
      assertThatThrownBy(() -> log.read(position)).hasMessageContaining("no whole record");
    }
  }

  @Test
  void shouldHaveOneSecretInAllSegmentsAndAnotherInEachLog() {
    // given
    List<Long> secrets = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      SimulatedFileSystem files = new SimulatedFileSystem(1);
      CommitLog log =
          CommitLog.open(files, LogModel.DIRECTORY, SETTINGS, 0, LogModel.CLOCK, LogModel.SECRETS);
      for (int record = 0; record < 4; record++) {
        append(log, new byte[40_000]);
      }
      log.close();
      CRC32C crc = new CRC32C();

      // when
      for (long start = 0; start < 4 * 65_536; start += 65_536) {
        ByteBuffer header = ByteBuffer.allocate(SegmentHeader.BYTES);
        try (StoreFile file =
            files.open(LogModel.DIRECTORY.resolve("%020d.log".formatted(start)))) {
          file.read(header, 0);
        }
        secrets.add(SegmentHeader.read(header, 0, start, crc).secret());
      }
    }

    // then
    assertThat(secrets.subList(0, 4)).containsOnly(secrets.get(0));
    assertThat(secrets.subList(4, 8)).containsOnly(secrets.get(4)).doesNotContain(secrets.get(0));
  }

  private static byte[] marks(long position, int length) {
    return records(RecordLayout.MARK_KIND, position, length);
  }

  /** As many as fit, each whole at its place but for the secret, which no sender knows. */
  private static byte[] records(int kind, long position, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    CRC32C crc = new CRC32C();
    for (int at = 0; at + Mark.BYTES <= length; at += Mark.BYTES) {
      bytes.putInt(at + RecordLayout.LENGTH, Mark.BYTES);
      bytes.putLong(at + RecordLayout.POSITION, position + at);
      bytes.putShort(at + RecordLayout.KIND, (short) kind);
      bytes.putLong(at + RecordLayout.HEADER_BYTES, Long.MAX_VALUE);
      crc.reset();
      crc.update(bytes.array(), at + RecordLayout.POSITION, Mark.BYTES - RecordLayout.POSITION);
      bytes.putInt(at + RecordLayout.CHECKSUM, (int) crc.getValue());
    }
    return bytes.array();
  }

  private static long append(CommitLog log, byte[] payload) {
    log.room().forMessage(payload.length);
    return log.append(RecordKind.MESSAGE, 0, payload.length, Payloads.of(payload))
        .position();
  }

  private static java.nio.file.Path file() {
    return LogModel.DIRECTORY.resolve("00000000000000000000.log");
  }

  private static CommitLog open(SimulatedFileSystem files, Random secrets) {
    return CommitLog.open(
        files, LogModel.DIRECTORY, SETTINGS, 0, LogModel.CLOCK, secrets::nextLong);
  }
}
