package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Threads that read while the log rolls, grows and deletes under them. */
final class ReadersTest {

  private static final int RECORDS = 2_000;
  private static final int READERS = 3;

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final CommitLog log = CommitLog.open(
      files,
      LogModel.DIRECTORY,
      new LogSettings(65536, 0, FlushMode.ASYNC),
      0,
      LogModel.CLOCK,
      LogModel.SECRETS);
  private final List<Long> positions = new ArrayList<>();

  @Test
  void shouldReadWholeRecordsOrNoneWhileSegmentsGo() throws Exception {
    // given
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    List<BlockingQueue<Long>> queues = new ArrayList<>();
    List<Future<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      BlockingQueue<Long> queue = new LinkedBlockingQueue<>();
      queues.add(queue);
      readers.add(threads.submit(() -> readAll(queue)));
    }

    // when
    for (int i = 0; i < RECORDS; i++) {
      long position = append(i);
      queues.forEach(queue -> queue.add(position));
      if (i % 40 == 0) {
        log.sync();
        log.deleteBefore(positions.get(Math.max(0, i - 60)));
      }
    }

    // then
    for (Future<Integer> reader : readers) {
      assertThat(reader.get(20, TimeUnit.SECONDS)).isBetween(1, RECORDS);
    }
    threads.shutdown();
    log.close();
    assertThat(files.views()).isZero();
  }

  private long append(int number) {
    byte[] payload = new byte[2_000];
    ByteBuffer.wrap(payload).putInt(0, number).putInt(1_996, number);
    long position =
        log.append(RecordKind.MESSAGE, 0, payload.length, Payloads.of(payload)).position();
    positions.add(position);
    log.write();
    return position;
  }

  /** Reads every record that is still there when its turn comes; counts them. */
  private int readAll(BlockingQueue<Long> queue) throws InterruptedException {
    int found = 0;
    for (int number = 0; number < RECORDS; ) {
      try (LogReader reader = log.newReader()) {
        for (int i = 0; i < 32 && number < RECORDS; i++, number++) {
          LogRecord record = reader.read(queue.take());
          if (record != null) {
            ByteBuffer payload = record.payload();
            assertThat(payload.getInt(payload.position())).isEqualTo(number);
            assertThat(payload.getInt(payload.limit() - 4)).isEqualTo(number);
            found++;
          }
        }
      }
    }
    return found;
  }
}
