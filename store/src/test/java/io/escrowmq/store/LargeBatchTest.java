package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Batches that take more than a segment: room is promised for all of their records, or refused. */
final class LargeBatchTest {

  private static final int SEGMENT_BYTES = 64 * 1024;
  private static final int RESERVE_BYTES = 8 * 1024;
  private static final int RECORD_OVERHEAD = RecordLayout.HEADER_BYTES + 7;

  @Test
  void shouldAppendAllOfABatchForWhichThereWasRoomHoweverManySegmentsItTakes() {
    int spanning = 0;
    int refused = 0;
    for (long seed = 0; seed < 200; seed++) {
      // given
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      SimulatedFileSystem files = new SimulatedFileSystem(seed);
      CommitLog log = open(files);
      files.capacity(random.nextInt(3, 20) * (long) SEGMENT_BYTES);

      for (int batch = 0; batch < 8; batch++) {
        // when
        List<Integer> lengths = lengths(random, log.payloadAtMost());
        long bytes =
            lengths.stream().mapToLong(length -> length + RECORD_OVERHEAD).sum();
        int largest = lengths.stream().mapToInt(length -> length).max().orElseThrow();
        long before = log.end();
        if (!log.room().forMessages(bytes, largest)) {
          refused++;
          assertThat(log.room().shortage()).as("seed %d", seed).isNotNull();
          continue;
        }
        List<Long> positions = new ArrayList<>();
        for (int length : lengths) {
          positions.add(log.append(RecordKind.MESSAGE, 0, length, Payloads.of(new byte[length]))
              .position());
        }
        log.write();

        // then
        assertThat(log.failure()).as("seed %d", seed).isNull();
        for (int i = 0; i < positions.size(); i++) {
          try (LogSlice read = log.read(positions.get(i))) {
            assertThat(read.payload().remaining()).as("seed %d", seed).isEqualTo(lengths.get(i));
          }
        }
        spanning += log.end() / SEGMENT_BYTES - before / SEGMENT_BYTES > 1 ? 1 : 0;
      }
      long end = log.end();
      log.close();
      assertThat(open(files).recovery().end()).as("seed %d", seed).isGreaterThanOrEqualTo(end);
    }
    assertThat(spanning).isGreaterThan(50);
    assertThat(refused).isGreaterThan(50);
  }

  private static List<Integer> lengths(Random random, int payloadAtMost) {
    int most = random.nextBoolean() ? 500 : payloadAtMost;
    int count = most == 500 ? random.nextInt(1, 600) : random.nextInt(1, 8);
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lengths.add(random.nextInt(most + 1));
    }
    return lengths;
  }

  private static CommitLog open(SimulatedFileSystem files) {
    return CommitLog.open(
        files,
        LogModel.DIRECTORY,
        new LogSettings(SEGMENT_BYTES, RESERVE_BYTES, FlushMode.ASYNC),
        0,
        LogModel.CLOCK,
        LogModel.SECRETS);
  }
}
