package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.LogModel.WrittenRecord;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommitLogTest extends OneLog {

  @Test
  void shouldReadBackWhatWasAppended() {
    // given
    LogRecord applied =
        log.append(RecordKind.TOPIC, 0xFFFE, 5, Payloads.of(new byte[] {1, 2, 3, 4, 5, 6}));

    // when
    long expected = applied.position();
    assertThat(applied.recordLength()).isEqualTo(29);
    log.write();

    // then
    try (LogSlice slice = log.read(expected, 29)) {
      assertThat(slice.kind()).isEqualTo(RecordKind.TOPIC);
      assertThat(slice.flags()).isEqualTo(0xFFFE);
      assertThat(slice.epoch()).isEqualTo(log.epoch());
      assertThat(slice.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
      assertThat(slice.payload().isReadOnly()).isTrue();
    }
    assertThatThrownBy(() -> log.read(expected, 30)).hasMessageContaining("29 bytes");
    assertThat(log.end()).isEqualTo(expected + 32).isEqualTo(log.written());
  }

  @Test
  void shouldTakeEmptyPayloads() {
    // given
    long position = append(0);

    // when
    log.write();

    // then
    try (LogSlice slice = log.read(position)) {
      assertThat(slice.payload().remaining()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536, 1 << 20})
  void shouldRefuseFlagsThatDoNotFitTheirPlace(int flags) {
    assertThatThrownBy(() -> log.append(RecordKind.HALF, flags, 0, (position, batch) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(String.valueOf(flags), "65535");
    assertThat(log.append(RecordKind.HALF, 65_535, 0, (position, batch) -> {}).flags())
        .isEqualTo(65_535);
  }

  @Test
  void shouldWriteABatchInOneGo() {
    // given: the window ahead is full
    for (int i = 0; i < 10; i++) {
      append(100);
      log.write();
    }
    long writes = files.writes();

    // when
    for (int i = 0; i < 10; i++) {
      append(100);
    }
    log.write();

    // then
    assertThat(files.writes() - writes).isEqualTo(1);
  }

  @Test
  void shouldShowNothingBeforeItIsWritten() {
    // given
    long position = append(10);

    // when // then
    assertThat(log.written()).isZero();
    assertThatThrownBy(() -> log.read(position))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the log can be read up to");
  }

  @Test
  void shouldReadOffTheTurnOnlyWhatIsVisible() {
    // given: the second one is written, and not synced
    long first = append(10);
    log.write();
    log.sync();
    long second = append(10);
    log.write();

    // when // then
    try (LogReader reader = log.newReader();
        LogReader ofTurn = log.newReaderOfTurn()) {
      assertThat(reader.read(first)).isNotNull();
      assertThatThrownBy(() -> reader.read(second))
          .hasMessageContaining("position " + second + " cannot be read yet")
          .hasMessageContaining("the log can be read up to " + log.visible());
      assertThat(ofTurn.read(second)).isNotNull();
      log.sync();
    }
    try (LogReader reader = log.newReader()) {
      assertThat(reader.read(second)).isNotNull();
    }
  }

  @Test
  void shouldTellWhatIsVisibleByItsFlushMode() {
    // given
    append(10);
    log.write();

    // when // then
    assertThat(log.visible()).isEqualTo(log.durable()).isZero();
    log.sync();
    assertThat(log.visible()).isEqualTo(log.durable()).isEqualTo(log.written());
  }

  @Test
  void shouldTellTheWriterWhereItsRecordLiesBehindAMarkAndInAnotherSegment() {
    // given: a mark is due, and what comes behind it needs another segment
    append(2 * Mark.STRIDE);
    log.write();
    log.sync();
    long end = log.end();
    List<Long> told = new ArrayList<>();

    // when
    for (int length : new int[] {10, SETTINGS.segmentBytes() - 2 * Mark.STRIDE}) {
      LogRecord record = log.append(RecordKind.MESSAGE, 0, length, (position, batch) -> {
        told.add(position);
        batch.put(new byte[length]);
      });
      assertThat(record.position()).isEqualTo(told.get(told.size() - 1));
    }

    // then
    assertThat(told)
        .containsExactly(end + Mark.BYTES, (long) SETTINGS.segmentBytes() + SegmentHeader.BYTES);
  }

  @Test
  void shouldRecordNothingWhenThePayloadIsNotWhatWasAnnounced() {
    // given
    append(10);
    long end = log.end();

    // when // then: a byte too few, one too many, a writer that fails
    assertThatThrownBy(() ->
            log.append(RecordKind.MESSAGE, 0, 10, (position, batch) -> batch.put(new byte[9])))
        .hasMessageContaining("lacks 1 of the 10 bytes");
    assertThatThrownBy(() ->
            log.append(RecordKind.MESSAGE, 0, 10, (position, batch) -> batch.put(new byte[11])))
        .isInstanceOf(BufferOverflowException.class);
    assertThatThrownBy(() -> log.append(RecordKind.MESSAGE, 0, 10, (position, batch) -> {
          throw new IllegalStateException("the test");
        }))
        .hasMessage("the test");
    assertThat(log.end()).isEqualTo(end);
    assertThat(append(10)).isEqualTo(end);
    log.write();
    try (LogSlice slice = log.read(end)) {
      assertThat(slice.payload().remaining()).isEqualTo(10);
    }
  }

  @Test
  void shouldRollBetweenRecordsOfOneBatch() {
    // given
    List<Long> positions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      positions.add(append(30_000));
    }

    // when
    log.write();
    log.sync();

    // then
    assertThat(positions).containsExactly(64L, 30_088L, 65_600L, 95_624L, 131_136L);
    for (long position : positions) {
      try (LogSlice slice = log.read(position)) {
        assertThat(slice.payload().remaining()).isEqualTo(30_000);
      }
    }
    assertThat(log.segments().stream().map(SegmentStats::start))
        .containsExactly(0L, 65_536L, 131_072L);
    assertThat(files.list(LogModel.DIRECTORY)).contains("00000000000000065536.log");
  }

  @Test
  void shouldFillASegmentToItsLastByte() {
    // given: the second record ends where the segment ends
    append(30_000);
    int rest = 65_536 - (int) log.end() - RecordLayout.HEADER_BYTES;

    // when
    long last = append(rest);
    log.write();
    long next = append(1);
    log.write();

    // then
    assertThat(last + RecordLayout.HEADER_BYTES + rest).isEqualTo(65_536);
    assertThat(next).isEqualTo(65_536 + SegmentHeader.BYTES);
    log.close();
    log = open(65_536);
    assertThat(LogModel.found(log)).extracting(WrittenRecord::position).contains(last, next);
  }

  @Test
  void shouldTakeTheLongestPayloadInAnyPlace() {
    // given
    int most = log.payloadAtMost();
    for (int before = 0; before < 100; before += 8) {
      append(before);

      // when
      assertThat(log.room().forMessage(most)).isTrue();
      long position = append(most);
      log.write();
      log.sync();

      // then
      try (LogSlice slice = log.read(position)) {
        assertThat(slice.payload().remaining()).isEqualTo(most);
      }
    }
    assertThat(log.room().forMessage(most + 1)).isFalse();
    assertThat(log.room().inReserve(most + 1)).isFalse();
    assertThat(log.room().forMessages(10L * most, most + 1)).isFalse();
  }

  @Test
  void shouldCountTheEpochUpWithEachOpening() {
    // given
    append(1);
    int first = log.epoch();
    log.close();

    // when
    log = open(0);

    // then
    assertThat(log.epoch()).isEqualTo(first + 1);
  }

  @Test
  void shouldFindAWholeRecordAtTheStateFilesPositionAfterAnOrderlyEnd() {
    // given
    append(10);
    log.write();
    long state = log.end();

    // when
    log.close();
    log = open(state);

    // then
    assertThat(log.recovery().verifiedFrom()).isEqualTo(state);
    assertThat(log.recovery().cutBytes()).isZero();
    assertThat(log.durable()).isEqualTo(log.written());
  }

  @Test
  void shouldRememberAfterARestartWhenSegmentsWereWritten() {
    // given
    append(40_000);
    log.write();
    nowMillis = 2_000;
    append(40_000);
    log.write();
    log.close();

    // when
    nowMillis = 9_000;
    log = open(0);

    // then
    assertThat(log.segments())
        .containsExactly(
            new SegmentStats(0, 40_088, 1_000),
            new SegmentStats(65_536, log.end() - 65_536, 9_000));
  }

  @Test
  void shouldDeleteWholeSegmentsThatAreDurable() {
    // given
    long first = append(40_000);
    append(40_000);
    long third = append(40_000);
    log.write();

    // when
    log.deleteBefore(third);
    assertThat(log.start()).isZero();
    log.sync();
    log.deleteBefore(third - 100);
    assertThat(log.start()).isEqualTo(65_536);
    log.deleteBefore(third);

    // then
    assertThat(log.start()).isEqualTo(131_072);
    assertThat(log.read(first)).isNull();
    assertThat(files.exists(LogModel.DIRECTORY.resolve("00000000000000000000.log")))
        .isFalse();
    log.close();
    log = open(0);
    assertThat(log.start()).isEqualTo(131_072);
    assertThat(LogModel.found(log)).extracting(WrittenRecord::position).containsExactly(third);
  }
}
