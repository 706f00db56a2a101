package io.escrowmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShrinkerTest {

  private static final Set<Integer> NEEDED = Set.of(17, 430, 431);

  @TempDir
  private Path directory;

  @Test
  void shouldLeaveOutWhatABrokenRunDoesNotNeed() {
    // given
    Outcome broken = run(Plan.of(5, 1_000));

    // when
    Outcome shortest = new Shrinker(ShrinkerTest::run).shrink(broken);

    // then
    Set<Integer> left = new TreeSet<>();
    for (int step = 0; step < shortest.plan().steps(); step++) {
      if (!shortest.plan().leftOut().contains(step)) {
        left.add(step);
      }
    }
    assertThat(left).isEqualTo(NEEDED);
    assertThat(shortest.isWell()).isFalse();
  }

  @Test
  void shouldKeepABrokenPromiseAndNotAnotherOne() {
    // given
    Outcome broken = outcome(Plan.of(5, 100), "m7 is lost at 12");

    // when
    Outcome shortest = new Shrinker(plan ->
            outcome(plan, plan.leftOut().isEmpty() ? "m3 is lost at 1" : "m3 is shown at 1"))
        .shrink(broken);

    // then
    assertThat(shortest.failure()).hasMessage("m3 is lost at 1");
  }

  @Test
  void shouldReadThePlanThatItHasWritten() throws Exception {
    Plan plan = Plan.of(77, 500).without(List.of(1, 2, 3, 9, 499));
    Path file = directory.resolve("plan");

    PlanFile.write(file, plan);

    assertThat(PlanFile.read(file)).isEqualTo(plan);
  }

  // Breaks a promise at the last of three steps, if it has done the others.
  private static Outcome run(Plan plan) {
    boolean isBroken = plan.steps() > 431 && NEEDED.stream().noneMatch(plan.leftOut()::contains);
    return outcome(plan, isBroken ? "m" + plan.leftOut().size() + " is lost" : null);
  }

  private static Outcome outcome(Plan plan, @Nullable String failure) {
    return new Outcome(
        plan,
        failure == null ? null : new Violation(failure),
        Math.min(plan.steps(), 432),
        List.of(),
        0,
        0,
        0,
        0,
        0);
  }
}
