package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.StoreModel.Visible;
import io.escrowmq.store.Damage;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.queue.KeyIndex;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Stores that are damaged in every way: the broker starts with what is left, or says how it will. */
class StoreRepairTest {

  private static final Path LOG = TestStore.DIRECTORY.resolve("log");
  private static final Path STATE = TestStore.DIRECTORY.resolve("state");
  private static final Pattern ADVICE =
      Pattern.compile("run: escrowmq log repair --set store\\.dir=(\\S+)");
  private static final long SMALL_HEAP = 1 << 20; // small runs of keys
  private static final long EVER = Long.MAX_VALUE;

  private int refused;
  private int mended;

  @Test
  void shouldStartWithEverythingOutsideTheDamageOrGiveAdviceThatWorks() {
    for (int seed = 0; seed < 150; seed++) {
      try {
        new Run(seed).play();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(refused).as("some damage is refused").isGreaterThan(10);
    assertThat(mended).as("some is made good by a start").isGreaterThan(10);
  }

  private final class Run {
    private final Random random;
    private final TestStore store;
    private final StoreHarm harm;
    private String name = "";

    Run(int seed) {
      random = new Random(seed * 0x9E3779B97F4A7C15L);
      store = new TestStore(seed, SMALL_HEAP);
      harm = new StoreHarm(store, random);
    }

    void play() {
      // given: a store with history, stopped in order or not
      StoreModel model = StoreModel.of(store, random);
      boolean isOrderly = random.nextBoolean();
      if (isOrderly) {
        store.stop();
      } else {
        store.sync();
        store.kill();
      }

      // when: any files are harmed
      for (int files = 1 + random.nextInt(3); files > 0; files--) {
        harm.any();
      }
      name = harm.toString();

      // then: check says it all, and changes nothing
      Map<Path, String> before = harm.contents();
      List<Damage> checked = repair(store).check();
      assertThat(harm.contents()).as(name).isEqualTo(before);
      startAsAdvised(checked);
      if (isOrderly && harm.sparesTheNewestState()) {
        assertNamed(model, checked);
      }

      // and all is there that was not harmed
      assertThere(model);
      assertGoesOn();
    }

    private void startAsAdvised(List<Damage> checked) {
      try {
        store.start();
      } catch (StorageException e) {
        refused++;
        assertThat(checked).as("%s: %s", name, e.getMessage()).isNotEmpty();
        Matcher advice = ADVICE.matcher(String.valueOf(e.getMessage()));
        assertThat(advice.find()).as("%s: %s", name, e.getMessage()).isTrue();
        assertThat(Path.of(advice.group(1))).isEqualTo(TestStore.DIRECTORY);
        assertThat(repair(store).repair()).as(name).isNotEmpty();
        assertThat(repair(store).check()).as(name).isEmpty();
        assertThat(harm.stateFiles()).as(name).isEqualTo(2);
        store.start();
        return;
      }
      // what check says of queues and keys is what the start finds, and makes good
      Set<Path> found = new TreeSet<>();
      store
          .state
          .store
          .queues()
          .findDamaged()
          .forEach(it -> found.add(store.state.store.queues().fileOf(it)));
      store
          .state
          .store
          .keys()
          .findDamaged()
          .forEach(it -> found.add(store.state.store.keys().fileOf(it)));
      assertThat(files(checked, "queues", "keys")).as(name).isEqualTo(found);
      if (!found.isEmpty()) {
        mended++;
        new QueueRebuild(store.state.store.log(), store.state.store.queues()).onTick();
        KeyRebuild keys = new KeyRebuild(store.state.store.log(), store.state.store.keys());
        while (!store.state.store.keys().damaged().isEmpty()) {
          keys.onTick();
        }
      }
    }

    private Set<Path> files(List<Damage> damage, String... kinds) {
      return damage.stream()
          .map(Damage::file)
          .filter(file -> List.of(kinds).contains(file.getParent().getFileName().toString()))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whatever cannot be read any more is in a file that check has named. */
    private void assertNamed(StoreModel model, List<Damage> checked) {
      Set<Path> named = files(checked, "log");
      for (Visible message : model.visible()) {
        if (!isReadable(message)) {
          assertThat(message.records())
              .as("%s: %s of %s", name, message, checked)
              .anyMatch(range -> named.contains(harm.segmentOf(range[0])));
        }
      }
    }

    private boolean isReadable(Visible message) {
      return message
          .body()
          .equals(read(message.topic(), message.queueId()).get(message.queueOffset()));
    }

    private final Map<String, Map<Long, String>> reads = new HashMap<>();

    private Map<Long, String> read(String topic, int queueId) {
      return reads.computeIfAbsent(topic + queueId, key -> store.readWhatIsWhole(topic, queueId));
    }

    private void assertThere(StoreModel model) {
      for (Visible message : model.visible()) {
        if (message.records().stream().noneMatch(harm::hits)) {
          assertThat(read(message.topic(), message.queueId()))
              .as("%s: %s", name, message)
              .containsEntry(message.queueOffset(), message.body());
          long hash =
              KeyIndex.hash(message.topic(), message.topic() + message.queueId() + message.body());
          assertThat(store.state.store.keys().find(hash, 0, EVER, Long.MAX_VALUE, 100))
              .as("%s: key of %s", name, message)
              .contains(message.madeVisibleAt());
        }
      }
      TestEscrow escrow = new TestEscrow(store);
      model.open().forEach((id, range) -> {
        if (!harm.hits(range)) {
          assertThat(store.state.transactions.transactions().coordinator().find(id))
              .as("%s: half-message %d", name, id)
              .isNotNull();
          escrow.commit(id);
        }
      });
    }

    private void assertGoesOn() {
      for (String topic : StoreModel.TOPICS) {
        long offset = store.state.store.queueViews().tail(topic, 0);
        store.send(topic, 0, "after");
        store.sync();
        assertThat(store.readWhatIsWhole(topic, 0)).as(name).containsEntry(offset, "after");
      }
      store.stop();
      assertThat(files(repair(store).check(), "queues", "keys")).as(name).isEmpty();
      store.start(); // and it stays so
      store.state.close();
    }
  }

  private static StoreRepair repair(TestStore store) {
    return new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());
  }

  @Test
  void shouldKeepHalfMessagesOpenAskAboutThemAndDecideThem() {
    // given: half-messages before and behind the damage, and no state file that can be used
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    TestEscrow escrow = new TestEscrow(store);
    long first = escrow.half("orders", 0, "first");
    long lost = store.send("orders", 0, "lost");
    long second = escrow.half("orders", 0, "second");
    long third = escrow.half("orders", 0, "third");
    escrow.rollBack(third);
    store.stop();
    deleteStateFiles(store);
    store.files.flipBit(segment(lost), lost + 40, 1);
    assertThatThrownBy(store::start).hasMessageContaining("escrowmq log repair");

    // when
    repair(store).repair();
    assertThat(store.files.list(STATE))
        .filteredOn(file -> file.endsWith(".state"))
        .hasSize(2);
    store.start();

    // then: they are asked about
    TestEscrow later = new TestEscrow(store);
    assertThat(store.state.transactions.transactions().figures().transactions()).isEqualTo(2);
    later.producer();
    later.advance(20_000);
    assertThat(store.state.transactions.transactions().coordinator().find(first).checks())
        .isPositive();
    assertThat(
            store.state.transactions.transactions().coordinator().find(second).checks())
        .isPositive();

    // and decided, once
    later.commit(second);
    later.rollBack(first);
    store.stop();
    store.start();
    assertThat(store.readWhatIsWhole("orders", 0).values()).containsExactly("second");
    assertThat(store.state.transactions.transactions().figures().transactions()).isZero();
    store.state.close();
  }

  /** A store whose first segment retention has taken; its messages are in the topic's last queue. */
  private static TestStore withoutItsBeginning(int queues) {
    TestStore store = new TestStore(1);
    store.createTopic("orders", queues);
    for (int i = 0; i < 2; i++) {
      store.fillSegment("orders", queues - 1);
      store.writeState();
    }
    store.retain(TestStore.SEGMENT_BYTES);
    return store;
  }

  private static void deleteStateFiles(TestStore store) {
    store.files.list(STATE).forEach(name -> store.files.delete(STATE.resolve(name)));
  }

  private static Path segment(long position) {
    return LOG.resolve(
        "%020d.log".formatted(position / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES));
  }

  @Test
  void shouldRepairWhenTheOlderStateFileIsOfAPositionThatIsDamaged() {
    // given: a newest state file that a view cannot use
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    store.send("orders", 0, "before");
    store.writeState();
    long older = store.state.store.log().end();
    store.send("orders", 0, "lost");
    store.send("orders", 0, "after");
    store.writeStateWith("transactions", out -> out.write(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}));
    store.state.close();
    store.files.flipBit(LOG.resolve("%020d.log".formatted(0)), older - 10, 1);
    store.files.flipBit(LOG.resolve("%020d.log".formatted(0)), older + 10, 1);
    assertThatThrownBy(store::start).hasMessageContaining("escrowmq log repair");

    // when
    repair(store).repair();
    store.start();

    // then
    assertThat(store.readWhatIsWhole("orders", 0)).isEqualTo(Map.of(2L, "after"));
    assertThat(store.state.topics.catalog().find("orders")).isNotNull();
    store.state.close();
  }

  @Test
  void shouldRepairWhereNobodyKnowsTheNameThatClientsAreTold() {
    // given: a store that was brought to another machine
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    store.send("orders", 0, "kept");
    store.stop();
    BrokerSettings elsewhere =
        TestStore.usual().advertise("broker-a.invalid:10911").build();

    // when
    List<String> told =
        new StoreRepair(elsewhere, store.files, store.clock.surroundings()).repair();

    // then
    assertThat(told).isEmpty();
    store.start();
    assertThat(store.state.store.queueViews().tail("orders", 0)).isEqualTo(1);
  }

  @Test
  void shouldNotGrowTheLogWithEveryStartThatFails() {
    // given: retention has taken the beginning, and no state file is left
    TestStore store = withoutItsBeginning(1);
    store.kill();
    deleteStateFiles(store);
    StoreHarm harm = new StoreHarm(store, new Random(1));
    assertThatThrownBy(store::start).hasMessageContaining("no state file can be read");
    Map<Path, String> before = harm.contents();

    // when
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(store::start).hasMessageContaining("no state file can be read");
    }

    // then
    assertThat(harm.contents()).isEqualTo(before);
  }

  @Test
  void shouldStartFromTheLogAloneWhenNoStateFileIsLeft() {
    // given: retention has taken the beginning, with the topics in it
    TestStore store = withoutItsBeginning(3);
    Map<Long, String> before = store.read("orders", 2);
    assertThat(before).isNotEmpty();
    store.stop();
    deleteStateFiles(store);
    assertThatThrownBy(store::start).hasMessageContaining("escrowmq log repair");

    // when
    List<String> told = repair(store).repair();
    store.start();

    // then
    assertThat(store.read("orders", 2)).isEqualTo(before);
    assertThat(store.state.topics.catalog().find("orders")).isNotNull();
    assertThat(told)
        .anyMatch(line -> line.startsWith("the topic orders was known by its messages"));
  }

  @Test
  void shouldKeepTopicsAndOffsetsWhenTheNewestSegmentIsLost() {
    // given: the state file knows more than the log that is left
    TestStore store = withoutItsBeginning(1);
    store.createTopic("late", 1);
    store.send("late", 0, "lost");
    store.stop();
    StoreHarm.truncate(
        store.files, LOG.resolve("%020d.log".formatted(2L * TestStore.SEGMENT_BYTES)), 0);
    assertThatThrownBy(store::start).hasMessageContaining("escrowmq log repair");

    // when
    repair(store).repair();
    store.start();

    // then
    assertThat(store.state.topics.catalog().find("late")).isNotNull();
    assertThat(store.state.store.queueViews().tail("late", 0)).isEqualTo(1);
    assertThat(store.readWhatIsWhole("late", 0)).isEmpty();
    assertThat(store.readWhatIsWhole("orders", 0)).isNotEmpty();
  }

  @Test
  void shouldChangeNothingWhileABrokerRuns() throws Exception {
    // given
    TestStore store = new TestStore(1);
    AutoCloseable lock = store.files.lock(TestStore.DIRECTORY.resolve("lock"));

    // when // then
    assertThatThrownBy(() -> repair(store).repair())
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOCKED));
    lock.close();
  }
}
