package io.escrowmq.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the rules keep what they promise, and whether the walk would notice if they did not. */
final class WalkTest {

  private static final int STEPS = 900;

  @TempDir
  private Path directory;

  @Test
  void shouldKeepItsPromisesWhateverOneMachineDoes() {
    walk(0, 3_000);
  }

  @Test
  @Tag("long")
  void shouldKeepItsPromisesForAnHour() {
    walk(3_000, 1_000_000);
  }

  private static void walk(long from, long to) {
    long acknowledged = 0;
    for (long seed = from; seed < to; seed++) {
      long one = seed;
      long[] count = new long[1];
      assertThatCode(() -> count[0] = Walk.run(one, STEPS))
          .as("seed %d", seed)
          .doesNotThrowAnyException();
      acknowledged += count[0];
    }
    assertThat(acknowledged).as("records in all walks").isGreaterThan(10 * (to - from));
  }

  @Test
  void shouldKnowTheCodeThatItChanges() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (Mutant mutant : Mutants.ALL) {
      if (mutant.places() != 1) {
        unknown.add(mutant.name() + ": " + mutant.places() + " places in " + mutant.file());
      }
    }

    assertThat(unknown).isEmpty();
  }

  @Tag("long")
  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void shouldFindARuleThatIsMissing(String name) throws Exception {
    Mutant mutant =
        Mutants.ALL.stream().filter(one -> one.name().equals(name)).findAny().orElseThrow();

    assertThat(mutant.firstViolation(directory, 10_000, STEPS)).contains("seed ");
  }

  static Stream<String> names() {
    return Mutants.ALL.stream().map(Mutant::name);
  }
}
