package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.LogModel.WrittenRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three copies of a log, of which now this one leads and now that one, whatever the others have: each finds the
 * place up to which it agrees with the leader, cuts what lies behind it, and follows.
 */
class DivergedLogsTest {

  private static final int COPIES = 3;
  private static final LogSettings SETTINGS =
      new LogSettings(LogSettings.SEGMENT_BYTES_AT_LEAST, 0, FlushMode.SYNC);

  private final List<SimulatedFileSystem> files = new ArrayList<>();
  private final List<CommitLog> logs = new ArrayList<>();

  /** What stands under an epoch and a position, on whichever machine. */
  private final Map<List<Long>, WrittenRecord> contents = new HashMap<>();

  static LongStream seeds() {
    return LongStream.range(1, 41);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldAgreeInTheEnd(long seed) {
    // given
    Random random = new Random(seed);
    for (int i = 0; i < COPIES; i++) {
      files.add(new SimulatedFileSystem(seed * COPIES + i));
      logs.add(open(i));
    }
    int epoch = 0;

    // when
    CommitLog leader = logs.get(0);
    for (int round = 0; round < 15; round++) {
      int chosen = random.nextInt(COPIES);
      epoch += 1 + random.nextInt(2);
      leader = lead(chosen, epoch, random);
      for (int step = random.nextInt(12); step > 0; step--) {
        write(leader, random);
        for (int i = 0; i < COPIES; i++) {
          if (i != chosen && random.nextInt(3) > 0) {
            follow(leader, i, random.nextInt(6), 1 + random.nextInt(60_000));
          }
        }
      }
      if (random.nextBoolean()) {
        restart(random.nextInt(COPIES), random);
        leader = logs.get(chosen);
      }
    }
    int last = random.nextInt(COPIES);
    leader = lead(last, epoch + 1, random);
    write(leader, random);
    for (int i = 0; i < COPIES; i++) {
      if (i != last) {
        follow(leader, i, Integer.MAX_VALUE, 50_000);
      }
    }

    // then
    List<WrittenRecord> expected = LogModel.found(leader);
    for (CommitLog log : logs) {
      assertThat(log.written()).as("seed %d", seed).isEqualTo(leader.written());
      assertThat(LogModel.found(log)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private CommitLog lead(int i, int epoch, Random random) {
    for (int other = 0; other < COPIES; other++) {
      restart(other, random); // whoever led follows now
    }
    CommitLog log = logs.get(i);
    log.lead(epoch);
    return log;
  }

  private void restart(int i, Random random) {
    CommitLog log = logs.get(i);
    switch (random.nextInt(3)) {
      case 0 -> {
        log.close();
        logs.set(i, open(i));
      }
      case 1 -> {
        files.get(i).kill();
        logs.set(i, open(i));
        assertThat(logs.get(i).written()).isGreaterThanOrEqualTo(log.written());
      }
      default -> {
        files.get(i).crash();
        logs.set(i, open(i));
        assertThat(logs.get(i).written()).isGreaterThanOrEqualTo(log.durable());
      }
    }
    for (WrittenRecord record : LogModel.found(logs.get(i))) {
      WrittenRecord same =
          contents.putIfAbsent(List.of((long) record.epoch(), record.position()), record);
      assertThat(same == null ? record : same).isEqualTo(record);
    }
  }

  private CommitLog open(int i) {
    return CommitLog.openCopy(
        files.get(i), Path.of("/simulated/copy-" + i), SETTINGS, 0, LogModel.CLOCK, () -> 4711);
  }

  private static void write(CommitLog leader, Random random) {
    for (int i = random.nextInt(10); i >= 0; i--) {
      byte[] payload = new byte[random.nextInt(4_000)];
      random.nextBytes(payload);
      assertThat(leader.room().forMessage(payload.length)).isTrue();
      leader.append(RecordKind.MESSAGE, 0, payload.length, Payloads.of(payload));
    }
    leader.write();
    if (random.nextInt(3) == 0) {
      leader.sync();
    }
  }

  /** What a follower does when it connects, and then so often. */
  private void follow(CommitLog leader, int i, int times, int most) {
    CommitLog copy = logs.get(i);
    while (copy.written() > 0
        && (copy.written() > leader.written()
            || leader.copy().epochBefore(copy.written()) != copy.copy().lastEpoch()
            || leader.copy().epochEnd(copy.copy().lastEpoch()) < copy.written())) {
      long end = leader.copy().epochEnd(copy.copy().lastEpoch());
      int agreed = leader.copy().epochBefore(end);
      copy.copy().truncate(Math.min(end, Math.min(copy.copy().epochEnd(agreed), copy.written())));
    }
    for (int n = 0; n < times; n++) {
      try (LogChunk chunk = leader.copy().chunk(copy.written(), Math.max(most, 8_000))) {
        if (chunk == null) {
          return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(chunk.bytes().remaining());
        copy.copy().take(chunk.position(), bytes.put(chunk.bytes()).flip());
      }
      if (n % 3 == 0) {
        copy.sync();
      }
    }
  }
}
