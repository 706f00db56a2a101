package io.escrowmq.store.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.StoreFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class QueueRetentionTest {

  private static final Path DIRECTORY = Path.of("/store/queues");

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final ConsumeQueues queues = open();
  private final QueueEntries entries = new QueueEntries(100);

  @Test
  void shouldMoveTheMinimumToTheFirstEntryThatIsLeft() {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    for (int i = 0; i < 100; i++) {
      queue.append(i * 100L, 100, 0, i);
    }
    queues.drainTouched(Publication::publish);

    for (int forgotten = 0; forgotten <= 11_000; forgotten += 50) {
      // when
      queues.forgetBefore(forgotten);

      // then
      int min = Math.min(100, (forgotten + 99) / 100);
      assertThat(queue.minOffset()).isEqualTo(min);
      assertThat(queue.read(min, entries)).isEqualTo(100 - min);
      assertThat(queue.read(min - 1, entries)).isZero();
      assertThat(queue.timeOf(min - 1)).isEqualTo(-1);
      assertThat(queue.offsetAtOrAfter(0)).isEqualTo(min);
      assertThat(queue.offsetAtOrAfter(70)).isEqualTo(Math.max(70, min));
    }
    assertThat(queue.maxOffset()).isEqualTo(100);
    assertThat(queue.offsetAtOrBefore(Long.MAX_VALUE)).isEqualTo(99);
  }

  @Test
  void shouldNotLoseNeighboursOfAMessageThatWasLongInEscrow() {
    // given: the last entry was released from escrow and lies far back in the log
    ConsumeQueue queue = queues.obtain("orders", 0);
    for (int i = 0; i < 30; i++) {
      queue.append(10_000 + i * 100L, 100, 0, i);
    }
    queue.append(500, 100, 0, 30);
    queues.drainTouched(Publication::publish);

    // when
    queues.forgetBefore(5_000);

    // then: the reader asks the log for position 500, gets nothing, and goes on
    assertThat(queue.minOffset()).isZero();
    assertThat(queue.read(0, entries)).isEqualTo(31);
    assertThat(entries.position(30)).isEqualTo(500);
  }

  @Test
  void shouldAnswerOldPositionsWhereAWholeChunkOfOldReleasesIsGone() {
    // given: entries 8 to 15 are releases that all lie far back
    ConsumeQueue queue = queues.obtain("orders", 0);
    for (int i = 0; i < 80; i++) {
      queue.append(i / 8 == 1 ? 64 + i : 10_000 + i * 100L, 100, 0, i);
    }
    queues.drainTouched(Publication::publish);

    // when
    queues.forgetBefore(10_001);

    // then
    assertThat(queue.minOffset()).isEqualTo(1);
    assertThat(queue.read(1, entries)).isEqualTo(79);
    for (int i = 0; i < 79; i++) {
      boolean old = entries.offset(i) / 8 == 1;
      assertThat(entries.position(i) < 10_001).isEqualTo(old);
    }
  }

  @Test
  void shouldDeleteChunkFilesWhoseChunksAreAllForgotten() {
    // given
    ConsumeQueue quick = queues.obtain("orders", 0);
    ConsumeQueue slow = queues.obtain("orders", 1);
    for (int i = 0; i < 1000; i++) {
      (i % 10 == 0 ? slow : quick).append(i * 100L, 100, 0, i);
    }
    queues.drainTouched(Publication::publish);
    int before = files.list(DIRECTORY).size();

    // when
    queues.forgetBefore(50_000);

    // then
    assertThat(files.list(DIRECTORY)).hasSizeLessThan(before * 6 / 10);
    assertThat(quick.minOffset()).isEqualTo(450);
    assertThat(slow.minOffset()).isEqualTo(50);
    assertThat(quick.read(450, entries)).isEqualTo(100);
    assertThat(entries.position(0)).isEqualTo(50_100);
  }

  @Test
  void shouldBeRestoredWithoutChunkFilesThatWentWithTheLog() throws IOException {
    // given: an image, and retention after it
    ConsumeQueue queue = queues.obtain("orders", 0);
    for (int i = 0; i < 500; i++) {
      queue.append(i * 100L, 100, i, i);
    }
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    queues.image().writeTo(new DataOutputStream(image));
    queues.forgetBefore(30_000);
    queues.close();

    // when
    ConsumeQueues restored = open();
    restored.forgetBefore(30_000);
    restored.restore(new DataInputStream(new ByteArrayInputStream(image.toByteArray())));

    // then
    ConsumeQueue found = restored.find("orders", 0);
    assertThat(found.minOffset()).isEqualTo(300);
    assertThat(found.maxOffset()).isEqualTo(500);
    assertThat(found.read(300, entries)).isEqualTo(100);
    assertThat(entries.tagCode(0)).isEqualTo(300);
  }

  @Test
  void shouldRefuseAnImageWhoseChunkFileIsMissingOrShort() throws IOException {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    for (int i = 0; i < 500; i++) {
      queue.append(i * 100L, 100, i, i);
    }
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    queues.image().writeTo(new DataOutputStream(image));
    queues.close();
    Path third = DIRECTORY.resolve("00000003.chunks");
    try (StoreFile file = files.open(third)) {
      file.truncate(file.size() - 1);
    }

    for (int i = 0; i < 2; i++) {
      // when
      ConsumeQueues restored = open();

      // then
      assertThatThrownBy(() ->
              restored.restore(new DataInputStream(new ByteArrayInputStream(image.toByteArray()))))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
      assertThat(restored.find("orders", 0)).isNull();
      files.delete(third);
    }
  }

  @Test
  void shouldKeepTheMinimumAcrossFurtherAppends() {
    // given
    Random random = new Random(5);
    ConsumeQueue queue = queues.obtain("orders", 0);
    long position = 0;
    long forgotten = 0;
    for (int step = 0; step < 2000; step++) {
      // when
      position += 50 + random.nextInt(100);
      queue.append(position, 50, 0, step);
      queues.drainTouched(Publication::publish);
      if (random.nextInt(20) == 0) {
        forgotten = Math.max(forgotten, position - random.nextInt(3000));
        queues.forgetBefore(forgotten);
      }

      // then
      long min = queue.minOffset();
      assertThat(queue.read(min, entries)).isPositive();
      assertThat(entries.position(0)).isGreaterThanOrEqualTo(forgotten);
      assertThat(min == 0 || entries.position(0) - 150 <= forgotten).isTrue();
    }
  }

  private ConsumeQueues open() {
    return ConsumeQueues.open(files, DIRECTORY, new QueueSettings(8, 1000, 1 << 20, 4));
  }
}
