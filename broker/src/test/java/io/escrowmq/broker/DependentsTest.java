package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.Damage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damage in the log is told with what depends on it, and with what a repair does about it. */
class DependentsTest {

  private static final Path SEGMENT =
      TestStore.DIRECTORY.resolve("log").resolve("00000000000000000000.log");

  @Test
  void shouldNameWhatTheStateFileKnowsOfTheDamagedRecord() {
    // given: one of each in escrow and in a queue, known to a state file
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    store.send("orders", 0, "first");
    long message = store.send("orders", 0, "lost");
    long half = new TestEscrow(store).half("orders", 0, "half");
    long delayed = store.state.store.log().end();
    store.sendDelayed("orders", 0, "later", 1_000_000);
    store.stop();

    // when // then
    assertThat(damaged(store, message))
        .contains(
            SEGMENT + " byte " + message + " to ",
            "position " + message,
            "its header says: a MESSAGE record of ",
            "with them: offset 1 of orders/0.");
    assertThat(damaged(store, half))
        .contains("a HALF record", "half-message " + half + " of an open transaction of group");
    assertThat(damaged(store, delayed))
        .contains("a DELAYED record", "the delayed message at " + delayed);
  }

  @Test
  void shouldNameTheRecordsBehindItThatReferToIt() {
    // given: no state file knows of the half-message
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    TestEscrow escrow = new TestEscrow(store);
    long half = escrow.half("orders", 0, "half");
    escrow.commit(half);
    store.sync();
    store.state.store.log().mark(); // so that it is no torn tail
    store.state.store.log().write();
    store.kill();

    // when // then
    assertThat(damaged(store, half))
        .contains(
            "of which no state file knows anything",
            "what the DECISION record at ",
            "half-message " + half + " becomes offset 0 of orders/0");
  }

  @Test
  void shouldBoundWhatItNames() {
    // given
    TestStore store = new TestStore(1);
    store.createTopic("orders", 200);
    for (int i = 0; i < 200; i++) {
      store.send("orders", i, "x");
    }
    store.stop();
    store.files.delete(SEGMENT);

    // when
    List<Damage> found = check(store);

    // then
    assertThat(found)
        .anyMatch(it -> it.lost().contains("offset 0 of orders/7; and 192 more"))
        .allMatch(it -> it.lost().length() < 1000);
  }

  @Test
  void shouldSayWhatARepairDoesAndChangeNothing() {
    for (int seed = 0; seed < 60; seed++) {
      // given
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      TestStore store = new TestStore(seed);
      StoreModel.of(store, random);
      store.stop();
      StoreHarm harm = new StoreHarm(store, random);
      harm.any();
      Map<Path, String> before = harm.contents();

      // when
      List<Damage> found = check(store);

      // then
      String name = "seed " + seed + ": " + harm + " " + found;
      assertThat(harm.contents()).as(name).isEqualTo(before);
      assertThat(found)
          .as(name)
          .allSatisfy(it -> assertThat(it.withRepair()).contains(it.toString(), " A repair: "));
    }
  }

  @Test
  void shouldNoticeThatTheOnlySegmentIsMissing() {
    // given
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    store.send("orders", 0, "lost");
    store.stop();
    store.files.delete(SEGMENT);
    assertThatThrownBy(store::start).hasMessageContaining("escrowmq log repair");
    assertThat(check(store)).isNotEmpty();

    // when
    new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings()).repair();
    store.start();

    // then: the state file still knows of it
    assertThat(store.state.topics.catalog().find("orders")).isNotNull();
    assertThat(store.state.store.queueViews().tail("orders", 0)).isEqualTo(1);
    store.state.close();
  }

  private static String damaged(TestStore store, long position) {
    store.files.flipBit(SEGMENT, position + 40, 1);
    List<Damage> found = check(store);
    store.files.flipBit(SEGMENT, position + 40, 1);
    assertThat(found).hasSize(1);
    return found.get(0).toString();
  }

  private static List<Damage> check(TestStore store) {
    return new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings()).check();
  }
}
