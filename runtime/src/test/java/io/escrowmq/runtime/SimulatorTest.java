package io.escrowmq.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SimulatorTest extends LoopsContract {

  private final Simulator world = new Simulator(1);
  private final SimulatedMachine machine = world.machine("a");

  @Override
  Surroundings surroundings() {
    return machine.surroundings();
  }

  @Override
  void until(BooleanSupplier condition) {
    for (int steps = 0; !condition.getAsBoolean(); steps++) {
      assertThat(steps).as("in bounded time").isLessThan(100_000);
      world.step();
    }
  }

  @Test
  void shouldLetTheSameHappenFromTheSameSeedAndSomethingElseFromAnother() {
    assertThat(history(7)).isEqualTo(history(7)).isNotEqualTo(history(8));
  }

  private static List<String> history(long seed) {
    Simulator world = new Simulator(seed);
    List<String> history = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      Surroundings surroundings = world.machine(name).surroundings();
      surroundings
          .worker("loop")
          .start(new Periodic(
              () -> history.add(name + surroundings.chance().below(10)),
              10,
              surroundings.ticker()));
    }
    world.run(Duration.ofSeconds(1));
    assertThat(history).hasSizeGreaterThan(250);
    return history;
  }

  @Test
  void shouldRunNothingOnAMachineThatCrashed() {
    // given
    List<Long> turns = turns();
    world.run(Duration.ofMillis(100));
    int before = turns.size();

    // when
    machine.crash();
    world.run(Duration.ofSeconds(10));

    // then
    assertThat(before).isPositive();
    assertThat(turns).hasSize(before);
  }

  @Test
  void shouldRunNothingWhileAMachineStandsStillAndGoOnAfterwards() {
    // given
    List<Long> turns = turns();
    world.run(Duration.ofMillis(100));
    int before = turns.size();

    // when
    machine.pause(Duration.ofSeconds(10));
    world.run(Duration.ofSeconds(9));

    // then
    assertThat(turns).hasSize(before);
    world.run(Duration.ofSeconds(2));
    assertThat(turns).hasSizeGreaterThan(before + 50);
  }

  private List<Long> turns() {
    List<Long> turns = new ArrayList<>();
    Ticker ticker = surroundings().ticker();
    surroundings().worker("loop").start(new Periodic(() -> turns.add(ticker.millis()), 10, ticker));
    return turns;
  }

  @Test
  void shouldSetTheClockOfOneMachineWithoutTimePassing() {
    // given
    Surroundings here = surroundings();
    Surroundings there = world.machine("b").surroundings();
    long millis = here.clock().millis();
    long ticks = here.ticker().millis();

    // when
    machine.jump(-3_600_000);

    // then
    assertThat(here.clock().millis()).isEqualTo(millis - 3_600_000);
    assertThat(here.ticker().millis()).isEqualTo(ticks);
    assertThat(there.clock().millis()).isEqualTo(millis);
  }

  @Test
  void shouldRememberWhatLoopsHaveThrown() {
    surroundings()
        .worker("bad")
        .start(new Periodic(
            () -> {
              throw new IllegalStateException("as the test wants");
            },
            10,
            surroundings().ticker()));

    world.run(Duration.ofMillis(500));

    assertThat(world.failures()).hasSize(1);
    assertThat(world.failures().get(0)).hasMessage("a turn of a bad failed");
  }
}
