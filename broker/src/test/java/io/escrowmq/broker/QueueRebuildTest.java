package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A queue whose index is damaged on disk is made again from the log, while the broker runs. */
class QueueRebuildTest {

  private static final Path CHUNKS = TestStore.DIRECTORY.resolve("queues/00000001.chunks");

  @Test
  void shouldMakeADamagedPartOfAQueueAgainFromALogThatDoesNotBeginAtZero() {
    for (int seed = 0; seed < 20; seed++) {
      // given: visible at once, and released later; a topic that was deleted and came again
      Random random = new Random(seed);
      TestStore store = new TestStore(seed);
      fill(store, random, 300);
      store.deleteTopic("orders");
      fill(store, random, 400);
      store.writeState();
      fill(store, random, 400);
      store.writeState();
      store.retain(TestStore.SEGMENT_BYTES);
      assertThat(store.state.log.start()).isPositive();
      Map<Long, String> before = store.read("orders", 0);
      store.stop();

      // when: any bit of any chunk
      long size = size(store);
      store.files.flipBit(CHUNKS, random.nextLong(size), random.nextInt(8));
      store.start();
      QueueRebuild rebuild = new QueueRebuild(store.state.log, store.state.queues);
      if (!store.state.queues.findDamaged().isEmpty()) {
        assertRefusedForNow(store);
      }
      rebuild.onTick();

      // then
      assertThat(store.state.queues.damaged()).isEmpty();
      assertThat(store.read("orders", 0)).as("seed %d", seed).isEqualTo(before);
      store.stop();
      store.start();
      assertThat(store.state.queues.findDamaged()).as("seed %d", seed).isEmpty();
      assertThat(store.read("orders", 0)).as("seed %d", seed).isEqualTo(before);
    }
  }

  private static void assertRefusedForNow(TestStore store) {
    var damaged = store.state.queues.damaged().get(0);
    if (damaged.topic().equals("orders")
        && damaged.firstOffset() >= store.state.queues.find("orders", 0).minOffset()) {
      assertThatThrownBy(() -> store.read("orders", 0))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
          .hasMessageContaining("try again");
    }
  }

  private static void fill(TestStore store, Random random, int messages) {
    for (int i = 0; i < messages; i++) {
      if (random.nextInt(5) == 0) {
        store.sendDelayed("orders", 0, "later" + i, 1 + random.nextInt(20));
      } else {
        store.send("orders", 0, "now" + i + "-".repeat(200));
      }
    }
    store.clock.advance(1000);
    store.rule(recorder -> {});
    store.rule(recorder -> {});
  }

  private static long size(TestStore store) {
    try (var file = store.files.open(CHUNKS)) {
      return file.size();
    }
  }
}
