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
    queues.drainTouched(ConsumeQueue::publish);

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
    queues.drainTouched(ConsumeQueue::publish);

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
    queues.drainTouched(ConsumeQueue::publish);

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
    queues.drainTouched(ConsumeQueue::publish);
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
    queues.drainTouched(ConsumeQueue::publish);
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
  void shouldBeRestoredWithoutTheFileThatTheImageEndedIn() throws IOException {
    // given: after the image a chunk begins another file, and retention takes the one before
    ConsumeQueues sparse = openWithAFileForEachChunk();
    ConsumeQueue queue = sparse.obtain("orders", 0);
    append(queue, 0, 10);
    byte[] image = image(sparse);
    append(queue, 10, 10);
    sparse.drainTouched(ConsumeQueue::publish);
    sparse.forgetBefore(900);
    assertThat(files.list(DIRECTORY)).containsExactly("00000002.chunks");
    sparse.close();

    // when
    ConsumeQueues restored = openWithAFileForEachChunk();
    restored.forgetBefore(900);
    restored.restore(new DataInputStream(new ByteArrayInputStream(image)));

    // then
    ConsumeQueue found = restored.find("orders", 0);
    append(found, 10, 20);
    restored.drainTouched(ConsumeQueue::publish);
    assertThat(found.minOffset()).isEqualTo(9);
    assertThat(found.read(9, entries)).isEqualTo(21);
    for (int i = 0; i < 21; i++) {
      assertThat(entries.position(i)).isEqualTo((9 + i) * 100L);
    }
  }

  @Test
  void shouldKeepTheFilesThatTheStateFileBeforeNames() throws IOException {
    // given: two images, and a topic that was deleted between them
    ConsumeQueues sparse = openWithAFileForEachChunk();
    append(sparse.obtain("orders", 0), 0, 10);
    byte[] older = image(sparse);
    sparse.delete("orders");
    append(sparse.obtain("payments", 0), 10, 10);
    byte[] newer = image(sparse);
    sparse.close();

    // when: the broker starts with the newer one, and goes on
    ConsumeQueues restored = openWithAFileForEachChunk();
    restored.restore(new DataInputStream(new ByteArrayInputStream(newer)));
    byte[] newest = image(restored);
    restored.close();
    ConsumeQueues again = openWithAFileForEachChunk();
    again.restore(new DataInputStream(new ByteArrayInputStream(newest)));
    again.close();

    // then: the older one is as good as it was
    ConsumeQueues fallenBack = openWithAFileForEachChunk();
    fallenBack.restore(new DataInputStream(new ByteArrayInputStream(older)));
    assertThat(fallenBack.find("orders", 0).read(0, entries)).isEqualTo(10);
  }

  @Test
  void shouldDeleteFilesThatOnlyADeletedTopicUsedWhenTheirPositionsAreGone() throws IOException {
    // given
    ConsumeQueues sparse = openWithAFileForEachChunk();
    append(sparse.obtain("orders", 0), 0, 10);
    sparse.drainTouched(ConsumeQueue::publish);
    sparse.delete("orders");
    append(sparse.obtain("payments", 0), 10, 10);
    byte[] image = image(sparse);
    sparse.close();
    ConsumeQueues restored = openWithAFileForEachChunk();
    restored.restore(new DataInputStream(new ByteArrayInputStream(image)));
    assertThat(files.list(DIRECTORY)).hasSize(2);

    // when
    restored.forgetBefore(1000);

    // then
    assertThat(files.list(DIRECTORY)).containsExactly("00000002.chunks");
  }

  @Test
  void shouldWriteNoImageAfterAFailedSyncOfItsDirectory() {
    // given
    append(queues.obtain("orders", 0), 0, 100);
    queues.drainTouched(ConsumeQueue::publish);
    files.failSync(files.list(DIRECTORY).size() + 1); // the files first

    // when
    assertThatThrownBy(() -> image(queues)).hasMessageContaining("could not sync directory");

    // then: the names may be lost, and no later sync would tell
    assertThatThrownBy(() -> image(queues)).hasMessageContaining("could not sync directory");
  }

  @Test
  void shouldKeepWhatAnImageNamesWhenThePowerFails() throws IOException {
    // given
    append(queues.obtain("orders", 0), 0, 100);
    byte[] image = image(queues);

    // when
    files.crash();

    // then: also its directory, which was new
    ConsumeQueues restored = open();
    restored.restore(new DataInputStream(new ByteArrayInputStream(image)));
    assertThat(restored.find("orders", 0).read(0, entries)).isEqualTo(100);
  }

  @Test
  void shouldBeRestoredWithoutAChunkFileThatIsMissingOrShortAndNoteWhatIsLost() throws IOException {
    // given
    ConsumeQueue queue = queues.obtain("orders", 0);
    for (int i = 0; i < 500; i++) {
      queue.append(i * 100L, 100, i, i);
    }
    queues.drainTouched(ConsumeQueue::publish);
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
      restored.restore(new DataInputStream(new ByteArrayInputStream(image.toByteArray())));

      // then
      assertThat(restored.find("orders", 0).maxOffset()).isEqualTo(500);
      assertThat(restored.findDamaged()).isNotEmpty().allMatch(chunk -> chunk.firstOffset() > 0);
      DamagedChunk lost = restored.damaged().get(0);
      assertThatThrownBy(() -> restored.find("orders", 0).read(lost.firstOffset(), entries))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO));
      restored.close();
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
      queues.drainTouched(ConsumeQueue::publish);
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

  private static void append(ConsumeQueue queue, int from, int count) {
    for (int i = from; i < from + count; i++) {
      queue.append(i * 100L, 100, 0, i);
    }
  }

  private static byte[] image(ConsumeQueues of) throws IOException {
    of.drainTouched(ConsumeQueue::publish);
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    of.image().writeTo(new DataOutputStream(image));
    return image.toByteArray();
  }

  private ConsumeQueues openWithAFileForEachChunk() {
    return ConsumeQueues.open(files, DIRECTORY, new QueueSettings(8, 1, 1 << 20, 4));
  }

  private ConsumeQueues open() {
    return ConsumeQueues.open(files, DIRECTORY, new QueueSettings(8, 1000, 1 << 20, 4));
  }
}
