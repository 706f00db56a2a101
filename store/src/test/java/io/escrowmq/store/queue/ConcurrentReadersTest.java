package io.escrowmq.store.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.RealFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers beside a writer that appends, seals and forgets; every entry tells whether it is whole. */
final class ConcurrentReadersTest {

  private static final int QUEUES = 4;
  private static final int APPENDS = 200_000;

  @TempDir
  private Path directory;

  @Test
  @Timeout(30)
  void shouldReadWholeEntriesWithoutGapsWhileTheWriterGoesOn() throws Exception {
    // given
    ConsumeQueues queues = ConsumeQueues.open(
        new RealFileSystem(), directory, new QueueSettings(16, 20_000, 1 << 20, 8));
    for (int q = 0; q < QUEUES; q++) {
      queues.obtain("orders", q);
    }
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(3);
    List<Future<Long>> reading = new ArrayList<>();
    for (int r = 0; r < 3; r++) {
      boolean follows = r == 0;
      Random random = new Random(r);
      reading.add(readers.submit(reader(queues, follows, random, done)));
    }

    // when
    write(queues);
    done.set(true);

    // then
    for (Future<Long> reader : reading) {
      assertThat(reader.get(20, TimeUnit.SECONDS)).isPositive();
    }
    readers.shutdown();
    queues.close();
  }

  private static void write(ConsumeQueues queues) {
    Random random = new Random(9);
    List<Runnable> publications = new ArrayList<>();
    for (int i = 0; i < APPENDS; i++) {
      ConsumeQueue queue = queues.obtain("orders", random.nextInt(QUEUES));
      long position = i * 64L;
      queue.append(position, (int) (position % 1000), (int) queue.tail(), position + 1);
      if (random.nextInt(10) == 0) {
        queues.drainTouched((grown, tail) -> publications.add(() -> grown.publish(tail)));
        publications.forEach(Runnable::run);
        publications.clear();
      }
      if (i % 20_000 == 0) {
        queues.forgetBefore(Math.max(0, position - 50_000 * 64L));
      }
    }
    queues.drainTouched(ConsumeQueue::publish);
  }

  /** Reads until the writer is done and everything was seen; answers how many entries it read. */
  private static Callable<Long> reader(
      ConsumeQueues queues, boolean follows, Random random, AtomicBoolean done) {
    return () -> {
      QueueEntries entries = new QueueEntries(40);
      long read = 0;
      long[] next = new long[QUEUES];
      boolean last = false;
      while (!last) {
        last = done.get();
        for (int q = 0; q < QUEUES; q++) {
          ConsumeQueue queue = queues.find("orders", q);
          long min = queue.minOffset();
          long max = queue.maxOffset();
          long from =
              follows ? Math.max(next[q], min) : min + (long) (random.nextDouble() * (max - min));
          int count = queue.read(from, entries);
          for (int i = 0; i < count; i++) {
            check(entries, i, queue, from + i);
          }
          next[q] = from + count;
          read += count;
          long time = queue.timeOf(from);
          assertThat(time == -1 || time == 0 || (time - 1) % 64 == 0).isTrue();
        }
      }
      return read;
    };
  }

  private static void check(QueueEntries entries, int i, ConsumeQueue queue, long offset) {
    assertThat(entries.offset(i)).isEqualTo(offset);
    if (entries.position(i) == 0 && entries.storeTimeMillis(i) == 0) {
      // forgotten between the look at the minimum and the reading
      assertThat(offset).isLessThan(queue.minOffset());
      return;
    }
    assertThat(entries.storeTimeMillis(i)).isEqualTo(entries.position(i) + 1);
    assertThat(entries.recordLength(i)).isEqualTo((int) (entries.position(i) % 1000));
    assertThat(entries.tagCode(i)).isEqualTo((int) offset);
  }
}
