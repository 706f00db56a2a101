package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.Damage;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.queue.DamagedChunk;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A queue whose index is damaged on disk is made again from the log, while the broker runs. */
class QueueRebuildTest {

  private static final Path CHUNKS = TestStore.DIRECTORY.resolve("queues/00000001.chunks");

  private static final List<String> TOPICS = List.of("orders", "early", "late");
  private static final long SMALL_HEAP = 1 << 20; // small chunks
  private static final int LOOKS = 20; // in vain, then a chunk is damaged

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
      assertThat(store.state.transactions.transactions().figures().transactions())
          .isZero();
      store.writeState();
      store.retain(TestStore.SEGMENT_BYTES);
      assertThat(store.state.store.log().start()).isPositive();
      Map<Long, String> before = store.read("orders", 0);
      store.stop();

      // when: any bit of any chunk
      long size = size(store);
      store.files.flipBit(CHUNKS, random.nextLong(size), random.nextInt(8));
      store.start();
      QueueRebuild rebuild = new QueueRebuild(store.state.store.log(), store.state.store.queues());
      if (!store.state.store.queues().findDamaged().isEmpty()) {
        assertRefusedForNow(store);
      }
      rebuild.onTick();

      // then
      assertThat(store.state.store.queues().damaged()).isEmpty();
      assertThat(store.read("orders", 0)).as("seed %d", seed).isEqualTo(before);
      store.stop();
      store.start();
      assertThat(store.state.store.queues().findDamaged()).as("seed %d", seed).isEmpty();
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
    assertThat(store.state.store.queues().findDamaged()).hasSizeGreaterThan(1);
    new QueueRebuild(store.state.store.log(), store.state.store.queues()).onTick();

    // then
    assertThat(store.read("orders", 0)).isEqualTo(before);
  }

  @Test
  void shouldMakeAgainWhatItCanWhilePartsOfTheLogCannotBeRead() {
    int made = 0;
    int left = 0;
    for (int seed = 0; seed < 30; seed++) {
      // given: all chunks are lost, also those of a topic of which the whole log can be read
      Random random = new Random(seed);
      TestStore store = new TestStore(seed, SMALL_HEAP);
      fill(store, random, 300);
      int first = 10 + random.nextInt(20);
      List<Long> positions = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        positions.add(store.send(i < 500 ? "early" : "late", 0, "message" + i));
      }
      Map<String, Map<Long, String>> before = new HashMap<>();
      TOPICS.forEach(topic -> before.put(topic, store.read(topic, 0)));
      store.stop();
      store.files.delete(CHUNKS);
      store.start();
      Set<DamagedChunk> damaged = Set.copyOf(store.state.store.queues().findDamaged());
      QueueRebuild rebuild = new QueueRebuild(store.state.store.log(), store.state.store.queues());

      // when: a sector with a record of some topic is bad
      long bad = positions.get(first * 10) + 30;
      Path segment = TestStore.DIRECTORY.resolve(
          "log/%020d.log".formatted(bad / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES));
      long sector = bad % TestStore.SEGMENT_BYTES;
      AtomicInteger looks = new AtomicInteger();
      store.files.flipBit(segment, sector, 1);
      store.files.fault((operation, file) -> {
        if (operation == Operation.READ && file.endsWith(segment)) {
          throw new StorageException(Reason.IO, "Input/output error");
        }
        if (operation == Operation.READ && file.endsWith(CHUNKS)) {
          looks.incrementAndGet();
        }
      });
      rebuild.onTick();

      // then: the others are there, and nothing was taken for gone
      List<DamagedChunk> waiting = store.state.store.queues().damaged();
      assertThat(waiting)
          .as("seed %d", seed)
          .isNotEmpty()
          .allMatch(it -> it.topic().equals("early"));
      assertThat(store.read("orders", 0)).isEqualTo(before.get("orders"));
      assertThat(store.read("late", 0)).isEqualTo(before.get("late"));
      made += damaged.size() - waiting.size();
      left += waiting.size();

      // and later tries look at what is left only
      int looked = looks.get();
      for (int i = 0; i < 20; i++) {
        rebuild.onTick();
      }
      assertThat(looks.get()).as("seed %d", seed).isEqualTo(looked);

      // and it is made when it can be read
      store.files.fault((operation, file) -> {});
      store.files.flipBit(segment, sector, 1);
      for (int i = 0; i < 60; i++) {
        rebuild.onTick();
      }
      assertThat(store.state.store.queues().findDamaged()).as("seed %d", seed).isEmpty();
      assertThat(store.read("early", 0)).isEqualTo(before.get("early"));
      store.state.close();
    }
    assertThat(made).isGreaterThan(left).isGreaterThan(100);
  }

  @Test
  void shouldReadTheLogThreeTimesAtMostHoweverManyChunksAreLost() {
    for (int seed = 0; seed < 10; seed++) {
      // given: many more chunks than are made at once, of several queues
      Random random = new Random(seed);
      TestStore store = new TestStore(seed, SMALL_HEAP);
      fill(store, random, 100);
      for (int i = 0; i < 6000; i++) {
        store.send(TOPICS.get(1 + random.nextInt(2)), random.nextInt(2), "message" + i);
      }
      if (random.nextBoolean()) { // all that lies further back was found before
        fill(store, random, 300);
      }
      Map<Long, String> before = store.read("early", 1);
      Map<Long, String> orders = store.read("orders", 0);
      store.stop();
      store.files.delete(CHUNKS);
      store.start();
      int lost = store.state.store.queues().findDamaged().size();
      assertThat(lost).isGreaterThan(100);
      QueueRebuild rebuild =
          new QueueRebuild(store.state.store.log(), store.state.store.queues(), 16, 10_000);

      // when
      for (int i = 0; i < lost && !store.state.store.queues().damaged().isEmpty(); i++) {
        rebuild.onTick();
      }

      // then: once more for the queue that rested meanwhile, and a little for each sixteen chunks
      assertThat(store.state.store.queues().findDamaged()).as("seed %d", seed).isEmpty();
      assertThat(store.read("early", 1)).isEqualTo(before);
      assertThat(store.read("orders", 0)).isEqualTo(orders);
      assertThat(rebuild.readBytes())
          .as("seed %d", seed)
          .isLessThan(3 * store.state.store.log().written());
      store.state.close();
    }
  }

  @Test
  void shouldMakeAgainWhatWasSealedAtTheEndOfATurnAndNothingBefore() {
    // given
    TestStore store = new TestStore(1, SMALL_HEAP);
    store.createTopic("orders", 1);
    QueueRebuild rebuild = new QueueRebuild(store.state.store.log(), store.state.store.queues());
    Map<Long, String> sent = new HashMap<>();

    // when: nothing is sealed of what the log does not have yet
    store.rule(recorder -> {
      for (long i = 0; i < 100; i++) {
        store.record(recorder, "orders", 0, "message" + i);
        sent.put(i, "message" + i);
      }
      assertThat(store.files.exists(CHUNKS)).isFalse();
    });
    store.files.flipBit(CHUNKS, 100, 1);
    assertThat(store.state.store.queues().findDamaged()).isNotEmpty();
    for (int i = 0; i < 10; i++) {
      rebuild.onTick();
    }

    // then
    assertThat(store.state.store.queues().findDamaged()).isEmpty();
    assertThat(store.read("orders", 0)).isEqualTo(sent);
    store.state.close();
  }

  @Test
  void shouldMakeAgainWhatTheDiskDoesNotGiveUnlessThatPasses() {
    for (int seed = 0; seed < 20; seed++) {
      // given
      Random random = new Random(seed);
      TestStore store = new TestStore(seed, random.nextBoolean() ? SMALL_HEAP : 256 << 20);
      fill(store, random, 1000);
      Map<Long, String> before = store.read("orders", 0);
      store.stop();
      store.start();
      QueueRebuild rebuild = new QueueRebuild(store.state.store.log(), store.state.store.queues());

      // when: a sector cannot be read, until it is written
      AtomicBoolean isBad = badUntilWritten(store);
      if (random.nextBoolean()) {
        assertThatThrownBy(() -> store.read("orders", 0)).isInstanceOf(StorageException.class);
      } else {
        assertThat(store.state.store.queues().findDamaged()).isEmpty();
      }
      boolean passes = random.nextBoolean();
      for (int i = 0; i < (passes ? LOOKS - 2 : 2 * LOOKS); i++) {
        rebuild.onTick();
      }

      // then: what passes changes nothing, what lasts was made again
      assertThat(isBad.get()).as("seed %d", seed).isEqualTo(passes);
      isBad.set(false);
      for (int i = 0; i < 10; i++) { // some each time
        rebuild.onTick();
      }
      assertThat(store.state.store.queues().everDamaged() > 0)
          .as("seed %d", seed)
          .isEqualTo(!passes);
      assertThat(store.state.store.queues().findDamaged()).as("seed %d", seed).isEmpty();
      assertThat(store.state.store.queues().unread()).as("seed %d", seed).isEmpty();
      assertThat(store.read("orders", 0)).as("seed %d", seed).isEqualTo(before);
      store.state.close();
    }
  }

  @Test
  void shouldRepairWhatTheDiskDoesNotGive() {
    // given
    TestStore store = new TestStore(1, SMALL_HEAP);
    fill(store, new Random(1), 1000);
    Map<Long, String> before = store.read("orders", 0);
    store.stop();
    AtomicBoolean isBad = badUntilWritten(store);
    StoreRepair repair =
        new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());

    // when
    assertThat(repair.check()).extracting(Damage::file).containsOnly(CHUNKS);
    assertThat(repair.repair()).anyMatch(told -> told.contains("made again from the log"));

    // then
    assertThat(isBad.get()).isFalse();
    assertThat(repair.check()).isEmpty();
    store.start();
    assertThat(store.read("orders", 0)).isEqualTo(before);
    store.state.close();
  }

  private static AtomicBoolean badUntilWritten(TestStore store) {
    AtomicBoolean isBad = new AtomicBoolean(true);
    store.files.fault((operation, file) -> {
      if (operation == Operation.WRITE && file.endsWith(CHUNKS)) {
        isBad.set(false);
      }
      if (operation == Operation.READ && file.endsWith(CHUNKS) && isBad.get()) {
        throw new StorageException(Reason.IO, "could not read " + file + ": Input/output error");
      }
    });
    return isBad;
  }

  private static Map<Long, String> readAgain(TestStore store) {
    store.start();
    return store.read("orders", 0);
  }

  private static void assertRefusedForNow(TestStore store) {
    var damaged = store.state.store.queues().damaged().get(0);
    if (damaged.topic().equals("orders")
        && damaged.firstOffset() >= store.state.store.queues().find("orders", 0).minOffset()) {
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
