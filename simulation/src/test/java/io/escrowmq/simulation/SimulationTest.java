package io.escrowmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {

  private static final int STEPS = 1_500;

  @RepeatedTest(12)
  void shouldKeepItsPromisesWhateverFails(RepetitionInfo repetition) {
    Outcome outcome = new Simulation(Plan.of(repetition.getCurrentRepetition(), STEPS)).run();

    assertThat(outcome.failure())
        .as("%s%n%s", outcome.plan(), String.join("\n", outcome.lastEvents()))
        .isNull();
    assertThat(outcome.acknowledged()).as("not idle").isPositive();
    assertThat(outcome.seen()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 17})
  void shouldHappenAgainExactlyAsItDid(long seed) {
    Outcome first = new Simulation(Plan.of(seed, STEPS)).run();
    Outcome again = new Simulation(Plan.of(seed, STEPS)).run();
    Outcome other = new Simulation(Plan.of(seed + 1, STEPS)).run();

    assertThat(again.digest()).isEqualTo(first.digest());
    assertThat(other.digest()).isNotEqualTo(first.digest());
  }
}
