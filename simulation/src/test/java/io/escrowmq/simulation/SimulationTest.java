package io.escrowmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.simulation.Simulation.Outcome;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {

  private static final int STEPS = 2_000;

  @RepeatedTest(30)
  void shouldKeepItsPromisesWhateverFails(RepetitionInfo repetition) {
    Outcome outcome = new Simulation(repetition.getCurrentRepetition(), STEPS).run();

    assertThat(outcome.failure())
        .as("seed %d%n%s", outcome.seed(), String.join("\n", outcome.lastEvents()))
        .isNull();
    assertThat(outcome.acknowledged()).as("not idle").isPositive();
    assertThat(outcome.seen()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 17})
  void shouldHappenAgainExactlyAsItDid(long seed) {
    Outcome first = new Simulation(seed, STEPS).run();
    Outcome again = new Simulation(seed, STEPS).run();

    assertThat(again.digest()).isEqualTo(first.digest());
    assertThat(new Simulation(seed + 1, STEPS).run().digest()).isNotEqualTo(first.digest());
  }
}
