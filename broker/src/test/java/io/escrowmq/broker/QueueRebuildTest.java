package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
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
      assertThat(store.state.transactions.figures().transactions()).isZero();
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

  @Test
  void shouldMakeEachQueueEntryAgainThatADecisionOrADeliveryMade() {
    // given
    TestStore store = new TestStore(1);
    fill(store, new Random(1), 1000);
    store.stop();
    Map<Long, String> before = readAgain(store);
    assertThat(before.values())
        .anyMatch(body -> body.startsWith("now"))
        .anyMatch(body -> body.startsWith("later"))
        .anyMatch(body -> body.startsWith("half"));

    // when: nothing is left of what was sealed
    store.stop();
    store.files.delete(CHUNKS);
    store.start();
    assertThat(store.state.queues.findDamaged()).hasSizeGreaterThan(1);
    new QueueRebuild(store.state.log, store.state.queues).onTick();

    // then
    assertThat(store.read("orders", 0)).isEqualTo(before);
  }

  private static Map<Long, String> readAgain(TestStore store) {
    store.start();
    return store.read("orders", 0);
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

  // Made visible by MESSAGE, DELIVERY and DECISION records.
  private static void fill(TestStore store, Random random, int messages) {
    TestEscrow escrow = new TestEscrow(store);
    Deque<Long> open = new ArrayDeque<>();
    for (int i = 0; i < messages; i++) {
      int dice = random.nextInt(10);
      if (dice < 2) {
        store.sendDelayed("orders", 0, "later" + i, 1 + random.nextInt(20));
      } else if (dice < 4) {
        open.add(escrow.half("orders", 0, "half" + i));
      } else if (dice < 6 && !open.isEmpty()) {
        escrow.commit(open.remove());
      } else {
        store.send("orders", 0, "now" + i + "-".repeat(200));
      }
    }
    open.forEach(escrow::commit);
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
