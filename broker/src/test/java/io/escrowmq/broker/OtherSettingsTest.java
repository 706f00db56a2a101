package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.tx.ExhaustionPolicy;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.View;
import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.CheckSchedule;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State follows from records alone: a log that was written under changing settings gives the same state, whichever settings it is
 * applied under, and whether a state file of other settings helps or not.
 */
class OtherSettingsTest {

  /** Some of them are the names of brokers and clusters, under which there are topics, too. */
  private static final List<String> NAMES =
      List.of("orders", "payments", "broker-a", "DefaultCluster");

  private static final int QUEUES = 2;
  private static final int LIVES = 4;
  private static final int STEPS = 30;

  static long[] seeds() {
    return new Random(7).longs(40).toArray();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldGiveTheSameStateUnderAnySettings(long seed) throws IOException {
    // given
    Random random = new Random(seed);
    TestStore store = new TestStore(seed);
    store.state.close();
    for (int life = 0; life < LIVES; life++) {
      start(store, random);
      live(store, random);
      store.sync();
      store.kill();
    }

    // when: from the newest state file, from the log alone, and from the log under other settings
    BrokerSettings settings = settings(random);
    store.start(settings, heap(random));
    Map<String, String> expected = state(store);
    store.kill();
    Path states = TestStore.DIRECTORY.resolve("state");
    store.files.list(states).forEach(file -> store.files.delete(states.resolve(file)));
    store.start(settings, heap(random));
    Map<String, String> replayed = state(store);
    store.kill();
    start(store, random);
    Map<String, String> elsewhere = state(store);
    store.state.close();

    // then
    assertThat(replayed).as("seed %d", seed).isEqualTo(expected);
    assertThat(elsewhere).as("seed %d", seed).isEqualTo(expected);
  }

  private static void start(TestStore store, Random random) {
    store.start(settings(random), heap(random));
  }

  private static long heap(Random random) {
    return (16L << 20) << random.nextInt(4);
  }

  private static BrokerSettings settings(Random random) {
    TestSettings settings = TestStore.usual()
        .name(random.nextBoolean() ? "broker-a" : "orders")
        .cluster(random.nextBoolean() ? "DefaultCluster" : "payments")
        .queues(1 + random.nextInt(8))
        .retention(Duration.ofHours(1 + random.nextInt(100)), 0);
    if (random.nextBoolean()) {
      settings.withoutAutoCreatedTopics();
    }
    if (random.nextBoolean()) {
      settings.transactions(new TransactionSettings(
          new CheckSchedule(1_000 + random.nextInt(10_000), 2_000, 50_000, 1 + random.nextInt(15)),
          new Bounds(30, 50_000, 20, 40_000),
          ExhaustionPolicy.SYSTEM_TOPIC));
    }
    return settings.build();
  }

  private static void live(TestStore store, Random random) {
    TestEscrow escrow = new TestEscrow(store);
    TopicCatalog topics = store.state.topics.catalog();
    Deque<Long> open = new ArrayDeque<>();
    for (int step = 0; step < STEPS; step++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      boolean isThere = topics.find(name) != null;
      boolean isOrdinary = !topics.isBuiltIn(name);
      int queue = random.nextInt(QUEUES);
      switch (random.nextInt(9)) {
        case 0, 1 -> {
          if (isOrdinary) {
            store.createTopic(name, QUEUES + random.nextInt(3));
          }
        }
        case 2 -> {
          if (isOrdinary && isThere) {
            store.deleteTopic(name);
          }
        }
        case 3, 4 -> {
          if (isThere) {
            store.send(name, queue, "m" + step);
          }
        }
        case 5 -> {
          if (isThere && open.size() < 2) {
            open.add(escrow.half(name, 0, "h" + store.clock.millis()));
          }
        }
        case 6 -> {
          if (!open.isEmpty() && escrow.tryToCommit(open.peek()) == ResponseCode.SUCCESS) {
            open.remove();
          }
        }
        case 7 -> {
          if (isThere) {
            store.sendDelayed(name, queue, "d" + step, 1 + random.nextInt(5_000));
            store.state.offsets.offsets().report("readers", name, queue, step);
          }
        }
        default -> {
          if (random.nextInt(4) == 0) {
            store.writeState();
          } else {
            escrow.advance(1_000);
          }
        }
      }
    }
  }

  private static Map<String, String> state(TestStore store) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    for (View view : List.of(
        store.state.topics.catalog(),
        store.state.groups.catalog(),
        store.state.offsets.offsets(),
        store.state.transactions.transactions(),
        store.state.sends.recent())) {
      all.put(view.name(), HexFormat.of().formatHex(bytes(view)));
    }
    byte[] delayed = BrokerStateTest.sortedRows(bytes(store.state.delays.delayed()));
    all.put("delayed", new String(delayed, StandardCharsets.UTF_8));
    for (String name : NAMES) {
      for (int queue = 0; queue < QUEUES; queue++) {
        all.put(name + "/" + queue, store.read(name, queue).toString());
      }
    }
    return all;
  }

  private static byte[] bytes(View view) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    view.image().writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
