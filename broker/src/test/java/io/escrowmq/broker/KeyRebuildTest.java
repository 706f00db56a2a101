package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.StoreModel.Visible;
import io.escrowmq.store.Damage;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.queue.DamagedRun;
import io.escrowmq.store.queue.KeyIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A damaged run of keys is noticed, named, counted, and made again from the log. */
class KeyRebuildTest {

  private static final Path KEYS = TestStore.DIRECTORY.resolve("keys");
  private static final long SMALL_HEAP = 1 << 20;
  private static final int LOOKS = 20; // in vain, then a run is damaged

  @Test
  void shouldFindEachMessageByItsKeyOrRefuseAndFindItAgainAfterwards() {
    int damaged = 0;
    for (int seed = 0; seed < 60; seed++) {
      // given: messages that MESSAGE, DELIVERY and DECISION records made visible
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      TestStore store = new TestStore(seed, SMALL_HEAP);
      StoreModel model = StoreModel.of(store, random);
      List<List<Long>> before = find(store, model, false);
      store.stop();

      // when: any bit of any run turns over
      List<String> names = store.files.list(KEYS);
      if (names.isEmpty()) {
        continue;
      }
      Path file = KEYS.resolve(names.get(0));
      store.files.flipBit(file, random.nextLong(size(store, file)), random.nextInt(8));
      store.start();

      // then: found or refused, never fewer
      List<List<Long>> meanwhile = find(store, model, true);
      for (int i = 0; i < before.size(); i++) {
        if (meanwhile.get(i) != null) {
          assertThat(meanwhile.get(i)).as("seed %d", seed).isEqualTo(before.get(i));
        }
      }
      damaged += store.state.store.keys().damaged().size();

      // when
      new KeyRebuild(store.state.store.log(), store.state.store.keys()).onTick();

      // then: also after a restart, which has other runs
      assertThat(store.state.store.keys().findDamaged()).as("seed %d", seed).isEmpty();
      assertThat(find(store, model, false)).as("seed %d", seed).isEqualTo(before);
      store.writeState();
      store.kill();
      store.start();
      assertThat(store.state.store.keys().findDamaged()).as("seed %d", seed).isEmpty();
      assertThat(find(store, model, false)).as("seed %d", seed).isEqualTo(before);
      store.state.close();
    }
    assertThat(damaged).isGreaterThan(20);
  }

  @Test
  void shouldMakeAgainWhatTheDiskDoesNotGiveUnlessThatPasses() {
    int lasting = 0;
    int passing = 0;
    for (int seed = 0; seed < 40; seed++) {
      // given
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      TestStore store = new TestStore(seed, SMALL_HEAP);
      StoreModel model = StoreModel.of(store, random);
      List<List<Long>> before = find(store, model, false);
      store.stop();
      List<String> names = store.files.list(KEYS);
      if (names.isEmpty()) {
        continue;
      }
      Path file = KEYS.resolve(names.get(random.nextInt(names.size())));
      store.start();
      KeyRebuild rebuild = new KeyRebuild(store.state.store.log(), store.state.store.keys());
      IndexCheck check = new IndexCheck(
          store.state.store.queues(),
          store.state.store.keys(),
          store.state.store.lost(),
          store.clock.ticker());

      // when: it is met by a reader, or by the check that looks at all
      long logBefore = store.files.writes();
      store.files.fault((operation, path) -> unreadable(operation, path, file));
      if (random.nextBoolean()) {
        find(store, model, true);
      } else {
        tick(check);
      }
      boolean passes = random.nextBoolean();
      for (int i = 0; i < (passes ? LOOKS - 2 : 5 * LOOKS); i++) {
        rebuild.onTick();
      }
      if (passes) {
        store.files.fault((operation, path) -> {});
        rebuild.onTick();
      }

      // then: found again, though the file cannot be read if that lasts
      assertThat(find(store, model, false)).as("seed %d", seed).isEqualTo(before);
      assertThat(store.state.store.keys().findDamaged()).as("seed %d", seed).isEmpty();
      if (passes) {
        passing++;
        assertThat(store.state.store.keys().everDamaged()).isZero();
        assertThat(store.files.writes()).as("nothing was made again").isEqualTo(logBefore);
      } else {
        lasting += store.state.store.keys().everDamaged() > 0 ? 1 : 0;
      }

      // and after a restart, and what is written from then on lies elsewhere
      store.writeState();
      store.kill();
      store.start();
      if (!passes) {
        store.files.fault((operation, path) -> unreadable(operation, path, file));
      }
      assertThat(find(store, model, false)).as("seed %d", seed).isEqualTo(before);
      store.state.close();
    }
    assertThat(lasting).isGreaterThan(5);
    assertThat(passing).isGreaterThan(5);
  }

  private static void unreadable(Operation operation, Path path, Path file) {
    if (operation == Operation.READ && path.endsWith(file)) {
      throw new StorageException(Reason.IO, "could not read " + file + ": Input/output error");
    }
  }

  @Test
  void shouldRepairWhatTheDiskDoesNotGive() {
    for (int seed = 0; seed < 10; seed++) {
      // given
      TestStore store = new TestStore(seed, SMALL_HEAP);
      StoreModel model = StoreModel.of(store, new Random(seed));
      List<List<Long>> before = find(store, model, false);
      store.stop();
      List<String> names = store.files.list(KEYS);
      if (names.isEmpty()) {
        continue;
      }
      Path file = KEYS.resolve(names.get(0));
      store.files.fault((operation, path) -> unreadable(operation, path, file));
      StoreRepair repair =
          new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());

      // when
      assertThat(repair.check()).as("seed %d", seed).extracting(Damage::file).containsOnly(file);
      repair.repair();

      // then: though the file cannot be read
      store.start();
      assertThat(find(store, model, false)).as("seed %d", seed).isEqualTo(before);
      store.state.close();
    }
  }

  @Test
  void shouldMakeAllOthersAgainWhileTheLogOfSomeCannotBeRead() {
    // given: more runs than are tried in one turn, and the log of the oldest half cannot be read
    TestStore store = withoutRuns(12_000);
    int all = store.state.store.keys().findDamaged().size();
    assertThat(all).isGreaterThan(40);
    List<DamagedRun> bad = withoutTheLogOfTheOldestHalf(store);
    KeyRebuild rebuild = new KeyRebuild(store.state.store.log(), store.state.store.keys());

    // when
    for (int i = 0; i < 600; i++) {
      rebuild.onTick();
    }

    // then
    assertThat(store.state.store.keys().damaged()).hasSameSizeAs(bad);

    // when: it passes
    store.files.fault((operation, path) -> {});
    for (int i = 0; i < 600; i++) {
      rebuild.onTick();
    }

    // then
    assertThat(store.state.store.keys().findDamaged()).isEmpty();
    store.state.close();
  }

  @Test
  void shouldRepairAllOthersAndNameEachRunWhoseLogCannotBeRead() {
    // given
    TestStore store = withoutRuns(3_000);
    int all = store.state.store.keys().findDamaged().size();
    List<DamagedRun> bad = withoutTheLogOfTheOldestHalf(store);
    assertThat(bad).hasSizeBetween(2, all - 2);

    // when
    RebuildReport rebuilt =
        new KeyRebuild(store.state.store.log(), store.state.store.keys()).rebuildAll();

    // then
    assertThat(store.state.store.keys().damaged()).isEqualTo(bad);
    assertThat(rebuilt.leftOut()).hasSameSizeAs(bad);
    for (int i = 0; i < bad.size(); i++) {
      assertThat(rebuilt.leftOut().get(i)).contains(bad.get(i).toString(), "Input/output error");
    }
    assertThat(rebuilt.missing()).isZero();

    // and later, when it can be read
    store.files.fault((operation, path) -> {});
    assertThat(new KeyRebuild(store.state.store.log(), store.state.store.keys())
            .rebuildAll()
            .leftOut())
        .isEmpty();
    assertThat(store.state.store.keys().findDamaged()).isEmpty();
    store.state.close();
  }

  private static TestStore withoutRuns(int messages) {
    TestStore store = new TestStore(1, SMALL_HEAP);
    store.createTopic("orders", 1);
    for (int i = 0; i < messages; i++) {
      store.send("orders", 0, "b" + i);
    }
    store.stop();
    store.files.list(KEYS).forEach(name -> store.files.delete(KEYS.resolve(name)));
    store.start();
    return store;
  }

  /** The runs that need it. */
  private static List<DamagedRun> withoutTheLogOfTheOldestHalf(TestStore store) {
    long middle =
        store.state.store.log().end() / 2 / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES;
    store.files.fault((operation, path) -> {
      if (operation == Operation.MAP
          && path.toString().endsWith(".log")
          && Long.parseLong(path.getFileName().toString().replace(".log", "")) < middle) {
        throw new StorageException(Reason.IO, "Input/output error");
      }
    });
    return store.state.store.keys().damaged().stream()
        .filter(run -> run.from() < middle)
        .toList();
  }

  @Test
  void shouldFindTheDecisionOfLongAgoAgain() {
    // given
    TestStore store = new TestStore(1, SMALL_HEAP);
    store.createTopic("orders", 1);
    TestEscrow escrow = new TestEscrow(store);
    long id = escrow.half("orders", 0, "half");
    escrow.rollBack(id);
    for (int i = 0; i < 400; i++) {
      store.send("orders", 0, "b" + i);
    }
    DecisionArchiveProbe decisions = new DecisionArchiveProbe(store);
    long decision = decisions.positionOf(id);
    store.stop();
    store.files.delete(KEYS.resolve("00000001.runs"));
    store.start();
    assertThatThrownBy(() -> new DecisionArchiveProbe(store).positionOf(id))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO))
        .hasMessageContaining("try again");
    assertThat(store.state.store.keys().everDamaged()).isPositive();

    // when
    new KeyRebuild(store.state.store.log(), store.state.store.keys()).rebuildAll();

    // then
    assertThat(new DecisionArchiveProbe(store).positionOf(id)).isEqualTo(decision);
    store.state.close();
  }

  @Test
  void shouldLookAtAllFilesBitByBitFromTheStartOnAndOnceADay() {
    // given
    TestStore store = new TestStore(1, SMALL_HEAP);
    store.createTopic("orders", 1);
    for (int i = 0; i < 400; i++) {
      store.send("orders", 0, "b" + i);
    }
    store.stop();
    store.start();
    IndexCheck check = new IndexCheck(
        store.state.store.queues(),
        store.state.store.keys(),
        store.state.store.lost(),
        store.clock.ticker());
    tick(check);
    assertThat(store.state.store.keys().damaged()).isEmpty();
    assertThat(store.state.store.queues().damaged()).isEmpty();

    // when: nobody reads
    store.files.flipBit(KEYS.resolve("00000001.runs"), 100, 1);
    store.files.flipBit(TestStore.DIRECTORY.resolve("queues/00000001.chunks"), 100, 1);
    tick(check);
    assertThat(store.state.store.keys().damaged()).isEmpty();
    store.clock.advance(24 * 3_600_000L);
    tick(check);

    // then
    assertThat(store.state.store.keys().damaged()).hasSize(1);
    assertThat(store.state.store.queues().damaged()).hasSize(1);
    store.state.close();
  }

  private static void tick(IndexCheck check) {
    for (int i = 0; i < 100; i++) {
      check.onTick();
    }
  }

  /** Finds a decision by the key that only decisions have. */
  private record DecisionArchiveProbe(TestStore store) {

    long positionOf(long id) {
      long hash = KeyIndex.hash("\u0000decision", Long.toHexString(id));
      return store.state.store.keys().find(hash, 0, Long.MAX_VALUE, Long.MAX_VALUE, 16)[0];
    }
  }

  /** Null where the look-up was refused. */
  private static List<List<Long>> find(TestStore store, StoreModel model, boolean mayRefuse) {
    List<List<Long>> found = new ArrayList<>();
    for (Visible message : model.visible()) {
      long hash =
          KeyIndex.hash(message.topic(), message.topic() + message.queueId() + message.body());
      try {
        long[] positions =
            store.state.store.keys().find(hash, 0, Long.MAX_VALUE, Long.MAX_VALUE, 100);
        found.add(Arrays.stream(positions).boxed().toList());
        assertThat(found.get(found.size() - 1)).contains(message.madeVisibleAt());
      } catch (StorageException e) {
        assertThat(mayRefuse && e.reason() == Reason.IO).as(e.getMessage()).isTrue();
        found.add(null);
      }
    }
    return found;
  }

  private static long size(TestStore store, Path path) {
    try (var file = store.files.open(path)) {
      return file.size();
    }
  }
}
