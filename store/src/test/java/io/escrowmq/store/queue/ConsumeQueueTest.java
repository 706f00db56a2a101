package io.escrowmq.store.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.sun.management.ThreadMXBean;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ConsumeQueueTest {

  private static final Path DIRECTORY = Path.of("/store/queues");
  private static final Path FIRST_FILE = DIRECTORY.resolve("00000001.chunks");
  private static final QueueSettings SMALL = new QueueSettings(8, 1000, 1 << 20, 4);

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final ConsumeQueues queues = ConsumeQueues.open(files, DIRECTORY, SMALL);
  private final QueueEntries entries = new QueueEntries(100);

  @Test
  void shouldShowNothingBeforeItIsPublished() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 2);
    queue.append(64, 100, 7, 1000);

    // when
    int before = queue.read(0, entries);
    long maxBefore = queue.maxOffset();
    queues.drainTouched(ConsumeQueue::publish);
    int after = queue.read(0, entries);

    // then
    assertThat(before).isZero();
    assertThat(maxBefore).isZero();
    assertThat(after).isEqualTo(1);
    assertThat(queue.maxOffset()).isEqualTo(1);
    assertThat(entries.offset(0)).isZero();
    assertThat(entries.position(0)).isEqualTo(64);
    assertThat(entries.recordLength(0)).isEqualTo(100);
    assertThat(entries.tagCode(0)).isEqualTo(7);
    assertThat(entries.storeTimeMillis(0)).isEqualTo(1000);
  }

  @Test
  void shouldMakeNoQueueWhoseNumberWouldTakeMemoryForMillions() {
    // when, then
    assertThat(queues.obtain("orders", 65_535)).isNotNull();
    for (int beyond : new int[] {65_536, Integer.MAX_VALUE, -1}) {
      assertThatThrownBy(() -> queues.obtain("orders", beyond))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot have a queue " + beyond);
    }
  }

  @Test
  void shouldPublishOnlyWhatTheDrainSaw() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    List<Long> tails = new ArrayList<>();
    fill(queue, 3);
    queues.drainTouched((grown, tail) -> tails.add(tail));
    fill(queue, 2);

    // when
    tails.forEach(queue::publish);

    // then
    assertThat(tails).containsExactly(3L);
    assertThat(queue.maxOffset()).isEqualTo(3);
    assertThat(queue.read(0, entries)).isEqualTo(3);
    assertThat(queue.tail()).isEqualTo(5);
  }

  @Test
  void shouldHandOverEachTouchedQueueOnce() {
    // given
    ConsumeQueue first = queues.obtain("orders", 0);
    ConsumeQueue second = queues.obtain("orders", 3);
    fill(first, 2);
    fill(second, 1);
    fill(first, 2);
    Map<ConsumeQueue, Long> once = new HashMap<>();
    Map<ConsumeQueue, Long> again = new HashMap<>();

    // when
    queues.drainTouched(once::put);
    queues.drainTouched(again::put);

    // then
    assertThat(once).containsOnly(entry(first, 4L), entry(second, 1L));
    assertThat(again).isEmpty();
  }

  @Test
  void shouldReadFromChunksAndMemoryAlike() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    fill(queue, 100);
    queues.drainTouched(ConsumeQueue::publish);

    for (int from = 0; from < 100; from++) {
      for (int capacity : new int[] {1, 5, 8, 9, 30, 200}) {
        // when
        QueueEntries some = new QueueEntries(capacity);
        int count = queue.read(from, some);

        // then
        assertThat(count).isEqualTo(Math.min(capacity, 100 - from)).isEqualTo(some.count());
        for (int i = 0; i < count; i++) {
          assertThat(some.offset(i)).isEqualTo(from + i);
          assertThat(some.position(i)).isEqualTo(positionOf(from + i));
          assertThat(some.recordLength(i)).isEqualTo(100 + from + i);
          assertThat(some.tagCode(i)).isEqualTo(-from - i);
          assertThat(some.storeTimeMillis(i)).isEqualTo(timeOf(from + i));
        }
      }
    }
    assertThat(files.list(DIRECTORY)).hasSizeGreaterThan(1);
  }

  @Test
  void shouldReadNothingOutsideOfItsOffsets() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    fill(queue, 20);
    queues.drainTouched(ConsumeQueue::publish);

    // when // then
    assertThat(queue.read(-1, entries)).isZero();
    assertThat(queue.read(20, entries)).isZero();
    assertThat(queue.read(Long.MAX_VALUE - 10, entries)).isZero();
    assertThat(queue.timeOf(-1)).isEqualTo(-1);
    assertThat(queue.timeOf(20)).isEqualTo(-1);
    assertThat(queue.timeOf(3)).isEqualTo(timeOf(3));
  }

  @Test
  void shouldFindOnlyQueuesThatExist() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 2);

    // when // then
    assertThat(queues.find("orders", 2)).isSameAs(queue);
    assertThat(queues.obtain("orders", 2)).isSameAs(queue);
    assertThat(queues.find("orders", 1)).isNull();
    assertThat(queues.find("orders", 3)).isNull();
    assertThat(queues.find("orders", -1)).isNull();
    assertThat(queues.find("bills", 0)).isNull();
  }

  @Test
  void shouldBeginAtZeroWhenATopicIsMadeAgain() {
    // given
    fill(queues.obtain("orders", 0), 20);
    fill(queues.obtain("bills", 0), 30);
    queues.drainTouched(ConsumeQueue::publish);
    fill(queues.obtain("orders", 0), 1);

    // when
    queues.delete("orders");
    Map<ConsumeQueue, Long> touched = new HashMap<>();
    queues.drainTouched(touched::put);

    // then
    assertThat(touched).isEmpty();
    assertThat(queues.find("orders", 0)).isNull();
    assertThat(queues.obtain("orders", 0).tail()).isZero();
    ConsumeQueue other = queues.obtain("bills", 0);
    fill(other, 1);
    queues.drainTouched(ConsumeQueue::publish);
    assertThat(other.maxOffset()).isEqualTo(31);
    assertThat(other.read(0, entries)).isEqualTo(31);
  }

  @Test
  void shouldAnswerByTimeAsTheWireAsksFor() {
    // given: stored at 1000, 1010, 1020 ...
    ConsumeQueue queue = queues.obtain("orders", 0);
    ConsumeQueue empty = queues.obtain("orders", 1);
    fill(queue, 50);
    queues.drainTouched(ConsumeQueue::publish);

    // when // then
    assertThat(queue.offsetAtOrAfter(1200)).isEqualTo(20);
    assertThat(queue.offsetAtOrAfter(1201)).isEqualTo(21);
    assertThat(queue.offsetAtOrAfter(0)).isZero();
    assertThat(queue.offsetAtOrAfter(Long.MAX_VALUE)).isEqualTo(50);
    assertThat(queue.offsetAtOrBefore(1200)).isEqualTo(20);
    assertThat(queue.offsetAtOrBefore(1209)).isEqualTo(20);
    assertThat(queue.offsetAtOrBefore(999)).isZero();
    assertThat(queue.offsetAtOrBefore(Long.MAX_VALUE)).isEqualTo(49);
    assertThat(empty.offsetAtOrAfter(1)).isZero();
    assertThat(empty.offsetAtOrBefore(1)).isZero();
  }

  @Test
  void shouldSearchByTimeLikeALinearSearch() {
    for (int seed = 0; seed < 20; seed++) {
      // given
      Random random = new Random(seed);
      ConsumeQueue queue = queues.obtain("topic" + seed, 0);
      List<Long> times = new ArrayList<>();
      long time = 100;
      int count = random.nextInt(120);
      for (int i = 0; i < count; i++) {
        time += random.nextInt(4);
        times.add(time);
        queue.append(i * 64L, 64, 0, time);
      }
      queues.drainTouched(ConsumeQueue::publish);

      for (long asked = 95; asked < time + 5; asked++) {
        // when
        long after = queue.offsetAtOrAfter(asked);
        long before = queue.offsetAtOrBefore(asked);

        // then
        long first = asked;
        long older = times.stream().filter(t -> t < first).count();
        long notYounger = times.stream().filter(t -> t <= first).count();
        assertThat(after).as("seed %d, at or after %d", seed, asked).isEqualTo(older);
        assertThat(before)
            .as("seed %d, at or before %d", seed, asked)
            .isEqualTo(Math.max(0, notYounger - 1));
      }
    }
  }

  @Test
  void shouldReportADamagedChunkInsteadOfWrongPositions() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    fill(queue, 20);
    queues.drainTouched(ConsumeQueue::publish);

    // when
    files.flipBit(DIRECTORY.resolve("00000001.chunks"), 50, 3);

    // then
    assertThatThrownBy(() -> queue.read(0, entries))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the index of offsets 0 to 7 of orders/0 is damaged");
    assertThat(queue.read(8, entries)).isEqualTo(12);
  }

  @Test
  void shouldKeepEntriesInMemoryWhileTheDiskIsFull() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    fill(queue, 10);
    files.capacity(files.usedBytes());

    // when
    fillInTurns(queue, 5000);
    files.capacity(Long.MAX_VALUE);
    fillInTurns(queue, 5000);

    // then
    for (int i = 0; i < 10_010; i += 7) {
      assertThat(queue.timeOf(i)).isEqualTo(timeOf(i));
    }
    assertThat(queues.tailBytes()).isLessThan(100 * 24);
  }

  @Test
  void shouldSealNothingBeforeTheTurnEnds() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    fill(queue, 3 * SMALL.chunkEntries() + 1);
    boolean sealedBefore = files.exists(FIRST_FILE);

    // when
    queues.drainTouched(ConsumeQueue::publish);

    // then
    assertThat(sealedBefore).isFalse();
    assertThat(files.exists(FIRST_FILE)).isTrue();
    assertThat(queues.tailBytes()).isLessThanOrEqualTo(32 * 24);
    assertThat(queue.read(0, entries)).isEqualTo(3 * SMALL.chunkEntries() + 1);
  }

  @Test
  void shouldTryAFullDiskAgainAfter4096Appends() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    files.capacity(files.usedBytes());
    fill(queue, 10);
    queues.drainTouched(ConsumeQueue::publish);
    files.capacity(Long.MAX_VALUE);

    // when
    fill(queue, 4095);
    queues.drainTouched(ConsumeQueue::publish);
    long bytesBefore = queues.tailBytes();
    fill(queue, 1);
    queues.drainTouched(ConsumeQueue::publish);

    // then
    assertThat(bytesBefore).isGreaterThan(4000 * 24);
    assertThat(queues.tailBytes()).isLessThanOrEqualTo(32 * 24);
  }

  @Test
  void shouldTryAgainAfter4096EntriesWithoutAMessage() {
    // given: a disk that does not take the first chunk
    files.failWrite(1);

    // when
    queues.skipTo("orders", 0, 5, 1000);
    queues.obtain("orders", 0).append(64, 100, 0, 1000);
    queues.skipTo("orders", 0, 5 + 4200, 1000);

    // then
    assertThat(queues.tailBytes()).isLessThan(200 * 24);
  }

  /** Each turn would copy a chunk for nothing. */
  @Test
  void shouldPrepareNothingForADiskThatIsNotTried() {
    // given
    ConsumeQueues wide =
        ConsumeQueues.open(files, Path.of("/wide"), new QueueSettings(1024, 1 << 20, 1 << 30, 16));
    ConsumeQueue queue = wide.obtain("orders", 0);
    files.capacity(files.usedBytes());
    fill(queue, 1024);
    wide.drainTouched(ConsumeQueue::publish);
    fill(queue, 1500); // makes room for the next ones
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    // when
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      fill(queue, 1);
      wide.drainTouched(ConsumeQueue::publish);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // then
    assertThat(allocated).isLessThan(1_000_000);
  }

  private void fillInTurns(ConsumeQueue queue, int count) {
    for (int i = 0; i < count; i += 10) {
      fill(queue, 10);
      queues.drainTouched(ConsumeQueue::publish);
    }
  }

  private static void fill(ConsumeQueue queue, int count) {
    for (int i = 0; i < count; i++) {
      long offset = queue.tail();
      queue.append(positionOf(offset), (int) (100 + offset), (int) -offset, timeOf(offset));
    }
  }

  private static long positionOf(long offset) {
    return 64 + offset * 128;
  }

  private static long timeOf(long offset) {
    return 1000 + offset * 10;
  }
}
