package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another version wrote is refused, in words that say so, and left as it is. */
class FormatLevelTest {

  private static final Path DIRECTORY = Path.of("/data/log");
  private static final Path FIRST = DIRECTORY.resolve("00000000000000000000.log");

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);

  @Test
  void shouldHaveALevelForEachSetOfKinds() {
    // a new kind of record: add it here, and raise SegmentHeader.LEVEL
    assertThat(Arrays.stream(RecordKind.values()).map(RecordKind::number))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(SegmentHeader.LEVEL).isEqualTo(3);
  }

  @Test
  void shouldRefuseALogOfANewerLevelAndLeaveItAsItIs() {
    // given
    append(open());
    setLevel(SegmentHeader.LEVEL + 1);
    ByteBuffer before = content();

    // when // then
    assertThatThrownBy(this::open)
        .hasMessageContaining("format level 4, and this version reads level 3")
        .hasMessageContaining("written by a newer version; start that one")
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NEWER));
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void shouldRefuseALogOfAnOlderLevel() {
    // given
    append(open());
    setLevel(SegmentHeader.LEVEL - 1);

    // when // then
    assertThatThrownBy(this::open)
        .hasMessageContaining("format level 2, and this version reads level 3")
        .hasMessageContaining("written by an older version; start that one");
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 300, -1})
  void shouldSayThatANewerVersionWroteARecordOfAnUnknownKind(int kind) {
    // given: a whole record, as another version writes it
    long position = append(open());
    setKind(position, kind);
    List<Long> replayed = new ArrayList<>();

    // when // then
    try (CommitLog log = open();
        LogReader reader = log.newReader()) {
      assertThatThrownBy(() -> log.replay(0, record -> {
            replayed.add(record.position());
            record.kind();
          }))
          .hasMessageContaining("the record at position " + position + " is of kind " + kind)
          .hasMessageContaining("this version knows the kinds 1 to 11")
          .hasMessageContaining("written by a newer version; start that one")
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NEWER));
      assertThat(replayed).containsExactly(position);
      LogRecord read = reader.read(position);
      assertThat(read).as("it is whole, so nobody takes it for damaged").isNotNull();
    }
  }

  private CommitLog open() {
    return CommitLog.open(
        files,
        DIRECTORY,
        new LogSettings(65536, 0, FlushMode.ASYNC),
        0,
        () -> Instant.ofEpochMilli(1),
        () -> 42);
  }

  private static long append(CommitLog log) {
    long position =
        log.append(RecordKind.TOPIC, 0, 100, Payloads.of(new byte[100])).position();
    log.close();
    return position;
  }

  private ByteBuffer content() {
    ByteBuffer bytes = ByteBuffer.allocate(4096);
    try (StoreFile file = files.open(FIRST)) {
      file.read(bytes, 0);
    }
    return bytes.clear();
  }

  private void write(ByteBuffer bytes) {
    try (StoreFile file = files.open(FIRST)) {
      file.write(bytes.clear(), 0);
    }
  }

  private void setLevel(int level) {
    ByteBuffer bytes = content();
    bytes.putInt(12, level);
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(SegmentHeader.BYTES).position(12));
    bytes.putInt(8, (int) crc.getValue());
    write(bytes);
  }

  private void setKind(long position, int kind) {
    ByteBuffer bytes = content();
    int at = (int) position;
    bytes.putShort(at + RecordLayout.KIND, (short) kind);
    RecordLayout.seal(bytes, at, bytes.getInt(at + RecordLayout.LENGTH), new RecordChecksum(42));
    write(bytes);
  }
}
