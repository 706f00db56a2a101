package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.LogModel.WrittenRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that is copied from another one, record for record, whatever happens to either. */
class CopierTest {

  private static final Path DIRECTORY = Path.of("/simulated/copy");
  private static final LogSettings SETTINGS =
      new LogSettings(LogSettings.SEGMENT_BYTES_AT_LEAST, 0, FlushMode.SYNC);

  private final SimulatedFileSystem leaderFiles = new SimulatedFileSystem(1);
  private final SimulatedFileSystem files = new SimulatedFileSystem(2);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldHoldTheSameRecordsAtTheSamePositions(long seed) {
    // given
    Random random = new Random(seed);
    LogModel leader = new LogModel("seed " + seed, leaderFiles, SETTINGS, random);
    CommitLog copy = openCopy(leader, 0);
    long trusted = 0;

    // when
    for (int round = 0; round < 60; round++) {
      leader.work(random.nextInt(20));
      if (random.nextInt(10) == 0) {
        leader.write();
        leader.closeAndReopen(); // a new epoch
      }
      for (int i = random.nextInt(30); i > 0; i--) {
        follow(leader.log(), copy, 1 + random.nextInt(40_000));
      }
      switch (random.nextInt(6)) {
        case 0 -> {
          copy.sync();
          trusted = copy.written();
        }
        case 1 -> {
          long durable = copy.durable();
          files.crash();
          copy = openCopy(leader, trusted);
          assertThat(copy.written()).isGreaterThanOrEqualTo(durable);
        }
        case 2 -> {
          copy.close();
          trusted = copy.written();
          copy = openCopy(leader, trusted);
          assertThat(copy.written()).isEqualTo(trusted);
        }
        default -> {
          // goes on
        }
      }
    }
    leader.write();
    followToTheEnd(leader.log(), copy);

    // then
    assertThat(copy.written()).isEqualTo(leader.log().written());
    assertThat(found(copy)).isEqualTo(leader.records());
  }

  @Test
  void shouldGoOnAsTheLeaderOfALaterEpoch() {
    // given
    LogModel leader = new LogModel("leader", leaderFiles, SETTINGS, new Random(1));
    leader.work(200);
    leader.write();
    CommitLog copy = openCopy(leader, 0);
    followToTheEnd(leader.log(), copy);
    int epoch = leader.log().epoch();

    // when
    copy.lead(epoch + 5);
    copy.room().forMessage(100);
    LogRecord record = copy.append(RecordKind.MESSAGE, 0, 100, Payloads.of(new byte[100]));
    long position = record.position();
    copy.write();
    copy.sync();
    copy.close();
    CommitLog again = CommitLog.open(files, DIRECTORY, SETTINGS, 0, LogModel.CLOCK, () -> 0);

    // then
    List<WrittenRecord> records = found(again);
    assertThat(records.subList(0, records.size() - 1)).isEqualTo(leader.records());
    assertThat(records.get(records.size() - 1).position()).isEqualTo(position);
    assertThat(records.get(records.size() - 1).epoch()).isEqualTo(epoch + 5);
    assertThat(again.epoch()).isEqualTo(epoch + 6);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void shouldTakeNothingOfBytesThatWereChanged(long seed) {
    // given
    Random random = new Random(seed);
    LogModel leader = new LogModel("seed " + seed, leaderFiles, SETTINGS, random);
    leader.work(60);
    leader.write();
    CommitLog copy = openCopy(leader, 0);
    List<WrittenRecord> expected = leader.records();

    // when
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      ByteBuffer bytes;
      long at;
      try (LogChunk chunk = leader.log().copy().chunk(copy.written(), 20_000)) {
        if (chunk == null) {
          break;
        }
        at = chunk.position();
        bytes = copyOf(chunk);
      }
      int place = random.nextInt(bytes.limit());
      bytes.put(place, (byte) (bytes.get(place) ^ 1 << random.nextInt(8)));
      try {
        copy.copy().take(at, bytes);
      } catch (BadCopyException e) {
        refused++;
      }
    }
    followToTheEnd(leader.log(), copy);

    // then
    assertThat(refused).isPositive();
    assertThat(found(copy)).isEqualTo(expected);
  }

  @Test
  void shouldRefuseBytesOfAnotherPlaceAndOfAnotherLog() {
    // given
    LogModel leader = new LogModel("leader", leaderFiles, SETTINGS, new Random(1));
    leader.work(100);
    leader.write();
    LogModel other = new LogModel("other", new SimulatedFileSystem(3), SETTINGS, new Random(2));
    other.work(100);
    other.write();
    CommitLog copy = openCopy(leader, 0);
    follow(leader.log(), copy, 5_000);
    long end = copy.written();

    // when, then
    try (LogChunk chunk = leader.log().copy().chunk(0, 5_000)) {
      ByteBuffer bytes = copyOf(chunk);
      assertThatThrownBy(() -> copy.copy().take(0, bytes))
          .isInstanceOf(BadCopyException.class)
          .hasMessageContaining("no segment begins at 0");
    }
    try (LogChunk chunk = other.log().copy().chunk(end, 5_000)) {
      ByteBuffer bytes = copyOf(chunk);
      assertThatThrownBy(() -> copy.copy().take(end, bytes)).isInstanceOf(BadCopyException.class);
    }
    assertThat(copy.written()).isEqualTo(end);
  }

  @Test
  void shouldSayOfItsOwnDiskAndNotOfTheLeadersWhatIsDurable() {
    // given
    LogModel leader = new LogModel("leader", leaderFiles, SETTINGS, new Random(1));
    for (int i = 0; i < 30; i++) {
      leader.work(10);
      leader.write();
      leader.sync();
    }
    CommitLog copy = openCopy(leader, 0);
    followToTheEnd(leader.log(), copy); // and it syncs nothing
    long end = copy.written();

    // when
    files.crash(); // takes any sectors that it likes

    // then
    CommitLog again = openCopy(leader, 0);
    assertThat(again.written()).isLessThanOrEqualTo(end);
    followToTheEnd(leader.log(), again);
    assertThat(found(again)).isEqualTo(leader.records());
  }

  @Test
  void shouldTryAgainWhenTheDiskHasRoomAgain() {
    // given
    LogModel leader = new LogModel("leader", leaderFiles, SETTINGS, new Random(1));
    leader.work(300);
    leader.write();
    CommitLog copy = openCopy(leader, 0);
    files.capacity(100_000);

    // when
    assertThatThrownBy(() -> followToTheEnd(leader.log(), copy))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.FULL));
    assertThat(copy.failure()).isNull();
    files.capacity(Long.MAX_VALUE);
    followToTheEnd(leader.log(), copy);

    // then
    assertThat(found(copy)).isEqualTo(leader.records());
  }

  @Test
  void shouldNotBeWrittenToByTwo() {
    // given
    LogModel leader = new LogModel("leader", leaderFiles, SETTINGS, new Random(1));
    CommitLog copy = openCopy(leader, 0);

    // when, then
    assertThatThrownBy(() -> copy.append(RecordKind.MESSAGE, 0, 1, Payloads.of(new byte[1])))
        .hasMessageContaining("is a copy");
    copy.lead(7);
    assertThatThrownBy(() -> copy.copy().take(0, ByteBuffer.allocate(0)))
        .hasMessageContaining("epoch 7");
    assertThatThrownBy(() -> copy.lead(8)).hasMessageContaining("epoch 8 cannot follow on 7");
  }

  private CommitLog openCopy(LogModel leader, long trusted) {
    return CommitLog.openCopy(
        files,
        DIRECTORY,
        SETTINGS,
        trusted,
        LogModel.CLOCK,
        () -> leader.log().copy().secret());
  }

  private static void followToTheEnd(CommitLog leader, CommitLog copy) {
    for (int i = 0; i < 10_000 && copy.written() < leader.written(); i++) {
      follow(leader, copy, 20_000);
    }
  }

  private static void follow(CommitLog leader, CommitLog copy, int most) {
    for (int bytes = most; bytes > 0; ) {
      try (LogChunk chunk = leader.copy().chunk(copy.written(), bytes)) {
        if (chunk == null) {
          return;
        }
        int wanted = copy.copy().take(chunk.position(), copyOf(chunk));
        bytes = wanted > chunk.bytes().remaining() ? wanted : 0;
      }
    }
  }

  private static ByteBuffer copyOf(LogChunk chunk) {
    ByteBuffer bytes = ByteBuffer.allocate(chunk.bytes().remaining());
    return bytes.put(chunk.bytes()).flip();
  }

  private static List<WrittenRecord> found(CommitLog log) {
    return LogModel.found(log);
  }
}
