package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.runtime.Loop;
import io.escrowmq.store.state.StateFile;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state file of much that waits is taken a part a turn, while messages come, are moved and leave. */
class StateInPartsTest {

  private static final int MANY = 12_000; // several parts

  private final TestStore store = new TestStore(1);
  private final StateKeeper keeper = keeper();
  private final Loop writer = keeper.writer();

  private StateKeeper keeper() {
    return new StateKeeper(
        store.state.store.log(), store.states, store.state.upkeep().stored(), store.clock.ticker());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldStartFromTheStateOfThePositionWhereItWasBegun(long seed) {
    // given
    Random random = new Random(seed);
    fill(random);

    // when: others have turns until it is whole
    keeper.ask();
    store.rule(recorder -> {});
    long begun = store.state.store.log().end();
    assertThat(writer.turn()).as("it is not whole").isZero();
    int turns = 0;
    while (writer.turn() == 0) {
      assertThat(turns++).as("turns").isLessThan(100);
      for (int i = random.nextInt(20); i > 0; i--) {
        change(random);
      }
      store.clock.advance(5);
      store.rule(recorder -> {});
      store.sync();
    }
    String live = waiting();
    store.sync();
    store.kill();
    store.start();

    // then
    assertThat(store.state.upkeep().states().lastPosition()).isEqualTo(begun);
    assertThat(waiting()).isEqualTo(live);
  }

  @Test
  void shouldWriteTheStateAtAnOrderlyEndAlthoughOnlyAPartWasTaken() {
    // given
    fill(new Random(1));
    keeper.ask();
    store.rule(recorder -> {});
    assertThat(writer.turn()).as("it is not whole").isZero();

    // when
    keeper.writeLast();

    // then
    try (StateFile newest = store.states.newest()) {
      assertThat(newest).isNotNull();
      assertThat(newest.position()).isEqualTo(store.state.store.log().end());
    }
  }

  private void fill(Random random) {
    store.loop.add(keeper);
    store.createTopic("orders", 4);
    for (int i = 0; i < MANY; i++) {
      delayed(random);
    }
    store.sync();
  }

  private void change(Random random) {
    if (random.nextInt(3) == 0) {
      store.clock.advance(random.nextInt(3)); // some become visible
    }
    delayed(random);
  }

  private void delayed(Random random) {
    store.sendDelayed(
        "orders", random.nextInt(4), "d" + random.nextLong(), 1 + random.nextInt(100_000));
  }

  private String waiting() {
    StringBuilder text = new StringBuilder();
    text.append(store.state.delays.delayed().waiting());
    for (int queueId = 0; queueId < 4; queueId++) {
      text.append('\n').append(store.read("orders", queueId));
    }
    return text.toString();
  }
}
