package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.escrowmq.store.SimulatedFileSystem.Operation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Starts that have a long log to apply, and are interrupted. */
class InterruptedStartTest {

  private static final Path STATE = TestStore.DIRECTORY.resolve("state");
  private static final int SEGMENTS = 14; // of log without a state file

  @Test
  void shouldGoOnWhereAnInterruptedStartHasComeTo() {
    // given: a start that ends when it has written two state files
    TestStore store = withALongLog();
    long end = store.state.store.log().end();
    store.kill();
    int[] written = {0};
    store.files.fault((operation, file) -> {
      if (operation == Operation.RENAME && file.startsWith(STATE) && ++written[0] == 3) {
        throw new IllegalStateException("the process is killed");
      }
    });
    assertThat(catchThrowable(store::start)).hasMessageContaining("killed");
    store.kill();

    // when
    store.start();

    // then: at least the half needs not be done again
    assertThat(store.state.store.log().recovery().verifiedFrom()).isGreaterThan(end / 2);
    assertThat(store.read("orders", 0)).hasSize(SEGMENTS);
    store.state.close();
  }

  @Test
  void shouldFindTheSameWhereverAStartIsInterrupted() {
    int interrupted = 0;
    for (int seed = 0; seed < 60; seed++) {
      // given: what a start shows that is not interrupted
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      TestStore store = new TestStore(seed);
      StoreModel model = StoreModel.of(store, random);
      Map<Long, String> orders = store.read("orders", 0);
      store.sync();
      long begin = store.state.store.log().start();
      store.kill();
      if (begin == 0) {
        store.files.list(STATE).forEach(name -> store.files.delete(STATE.resolve(name)));
      }

      // when: starts end anywhere, by a kill or a power failure
      for (int i = random.nextInt(3); i >= 0; i--) {
        int[] left = {random.nextInt(400)};
        store.files.fault((operation, file) -> {
          if (left[0]-- <= 0) { // and nothing more reaches the disk
            throw new IllegalStateException("the process is killed");
          }
        });
        if (catchThrowable(store::start) != null) {
          interrupted++;
        }
        if (random.nextBoolean()) {
          store.files.crash();
        } else {
          store.kill();
        }
      }
      store.start();

      // then
      String name = "seed " + seed;
      assertThat(store.read("orders", 0)).as(name).isEqualTo(orders);
      model
          .open()
          .keySet()
          .forEach(id -> assertThat(
                  store.state.transactions.transactions().coordinator().find(id))
              .as(name)
              .isNotNull());
      store.state.close();
    }
    assertThat(interrupted).isGreaterThan(20);
  }

  private static TestStore withALongLog() {
    TestStore store = new TestStore(1);
    store.createTopic("orders", 1);
    store.createTopic("filling", 1);
    for (int i = 0; i < SEGMENTS; i++) {
      store.send("orders", 0, "kept" + i);
      store.fillSegment("filling", 0);
    }
    store.sync();
    return store;
  }
}
