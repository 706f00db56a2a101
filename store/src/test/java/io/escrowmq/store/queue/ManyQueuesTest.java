package io.escrowmq.store.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.store.SimulatedFileSystem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** 100,000 topics of four queues on a heap of 512 MB. */
final class ManyQueuesTest {

  private static final Path DIRECTORY = Path.of("/store/queues");
  private static final int TOPICS = 100_000;
  private static final int QUEUES = 4;

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);

  @Test
  void shouldTakeLittleMemoryForAQueueThatIsLittleUsed() {
    // given
    ConsumeQueues queues = ConsumeQueues.open(files, DIRECTORY, QueueSettings.forHeap(512 << 20));

    // when: one message in each
    appendToAll(queues, 1);

    // then
    assertThat(queues.tailBytes()).isEqualTo(TOPICS * QUEUES * 2L * Entry.BYTES);
    assertThat(files.exists(DIRECTORY)).isFalse();
  }

  @Test
  void shouldSealEarlyWhenAllQueuesTogetherWouldTakeTooMuch() {
    // given: a hundredth of the queues, and of the memory
    QueueSettings settings = new QueueSettings(256, 64 << 20, 1 << 20, 16);
    ConsumeQueues queues = ConsumeQueues.open(files, DIRECTORY, settings);
    long atMost = 0;

    // when
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < TOPICS / 100 * QUEUES; i++) {
        ConsumeQueue queue = queues.obtain("topic" + i / QUEUES, i % QUEUES);
        queue.append(round, 64, 0, round);
      }
      queues.drainTouched(ConsumeQueue::publish);
      atMost = Math.max(atMost, queues.tailBytes());
    }

    // then
    assertThat(atMost).isLessThan(2 * settings.tailBytes());
    for (int i = 0; i < TOPICS / 100 * QUEUES; i += 97) {
      assertThat(queues.find("topic" + i / QUEUES, i % QUEUES).timeOf(i % 100)).isEqualTo(i % 100);
    }
  }

  @Test
  void shouldWriteAnImageOfAllInProportionToWhatIsInThem() throws IOException {
    // given
    ConsumeQueues queues = ConsumeQueues.open(files, DIRECTORY, QueueSettings.forHeap(512 << 20));
    appendToAll(queues, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 20);

    // when
    queues.image().writeTo(new DataOutputStream(bytes));
    ConsumeQueues restored = ConsumeQueues.open(files, DIRECTORY, QueueSettings.forHeap(512 << 20));
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    // then
    assertThat(bytes.size()).isLessThan(TOPICS * QUEUES * 80);
    assertThat(restored.tailBytes()).isLessThanOrEqualTo(queues.tailBytes());
    assertThat(restored.find("topic4711", 3).maxOffset()).isEqualTo(1);
    assertThat(restored.find("topic4711", 3).timeOf(0)).isEqualTo(4711 * QUEUES + 3);
  }

  private static void appendToAll(ConsumeQueues queues, int messages) {
    for (int t = 0; t < TOPICS; t++) {
      String topic = "topic" + t;
      for (int q = 0; q < QUEUES; q++) {
        ConsumeQueue queue = queues.obtain(topic, q);
        for (int m = 0; m < messages; m++) {
          queue.append(m, 64, 0, (long) t * QUEUES + q);
        }
      }
    }
    queues.drainTouched(ConsumeQueue::publish);
  }
}
