package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three replicas whose machines are killed, lose their power, stand still and are cut off while a client sends and
 * reads: what was acknowledged stays where it was said to be, what was seen stays, and all goes on when all is well. A
 * seed that fails does so each time; {@code -Dreplicas.seed=S} has only that one run.
 */
class ReplicaSimulationTest {

  private static final int STEPS = 25;

  static LongStream seeds() {
    long one = Long.getLong("replicas.seed", 0);
    long from = Long.getLong("replicas.from", 1);
    return one == 0
        ? LongStream.range(from, from + Integer.getInteger("replicas.seeds", 12))
        : LongStream.of(one);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldKeepWhatWasAcknowledgedAndWhatWasSeen(long seed) {
    // given
    ReplicaWorld world = new ReplicaWorld(seed);
    ReplicaLedger ledger = new ReplicaLedger(world);
    world.startController();
    IntStream.range(0, ReplicaWorld.REPLICAS).forEach(world::start);
    ledger.start();
    world.simulator.run(Duration.ofSeconds(4));

    // when
    Random random = world.simulator.random();
    for (int step = 0; step < STEPS; step++) {
      strike(world, random);
      world.simulator.run(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 50 : 3_000)));
      assertThat(ledger.broken).as(() -> told(world)).isEmpty();
    }
    world.heal();
    world.simulator.run(Duration.ofSeconds(20));
    int before = ledger.acknowledged.size();
    world.simulator.run(Duration.ofSeconds(10));
    int after = ledger.acknowledged.size();
    ledger.stopSending();
    world.simulator.run(Duration.ofSeconds(10));

    // then
    assertThat(after)
        .as(() -> "sends that are acknowledged when all is well; " + told(world))
        .isGreaterThan(before + 100);
    assertThat(
            IntStream.range(0, ReplicaWorld.REPLICAS).filter(world::isServing).count())
        .as(() -> "replicas that serve; " + told(world))
        .isEqualTo(1);
    assertThat(ledger.broken).as(() -> told(world)).isEmpty();
    assertThat(ledger.seen).as(() -> told(world)).containsAllEntriesOf(ledger.acknowledged);
    assertThat(world.simulator.failures()).as(() -> told(world)).isEmpty();
  }

  private static String told(ReplicaWorld world) {
    return String.join("\n", world.events) + "\n";
  }

  private static void strike(ReplicaWorld world, Random random) {
    int number = random.nextInt(ReplicaWorld.REPLICAS);
    int other = random.nextInt(ReplicaWorld.REPLICAS);
    Duration pause = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 100 : 5_000));
    List<Runnable> all = List.of(
        () -> world.kill(number),
        () -> world.kill(number),
        () -> world.failPower(number),
        () -> world.end(number),
        () -> world.pause(number, pause),
        () -> world.pause(number, pause),
        () -> world.isolate(number),
        () -> world.cutOneWay(number, other),
        world.network::resetOne);
    if (random.nextInt(4) == 0) {
      world.mend();
    }
    if (random.nextInt(8) == 0) {
      if (world.isControllerUp()) {
        world.killController();
      } else {
        world.startController();
      }
    } else if (!world.isUp(number)) {
      world.start(number);
    } else {
      all.get(random.nextInt(all.size())).run();
    }
  }
}
