package io.escrowmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Seeds that nobody has tried, for an hour, or {@code -Dsimulation.minutes}. Each prints itself. */
@Tag("long")
class LongSimulationTest {

  private static final int STEPS = 2_000;

  @Test
  void shouldKeepItsPromisesWhateverFailsForAnHour() {
    Duration time = Duration.ofMinutes(Integer.getInteger("simulation.minutes", 60));
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < time.toNanos()) {
      long seed = ThreadLocalRandom.current().nextLong(1L << 40);
      Outcome outcome = new Simulation(Plan.of(seed, STEPS)).run();
      System.out.printf(
          "seed %d: %d of %d messages acknowledged%n",
          seed, outcome.acknowledged(), outcome.sent());
      if (!outcome.isWell()) {
        Outcome shortest = new Shrinker(plan -> new Simulation(plan).run()).shrink(outcome);
        shortest.lastEvents().forEach(System.out::println);
        System.out.println("made short: " + shortest.plan());
      }

      assertThat(outcome.failure())
          .as("bin/simulate --seed %d --steps %d", seed, STEPS)
          .isNull();
    }
  }
}
