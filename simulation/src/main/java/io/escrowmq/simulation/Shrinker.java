package io.escrowmq.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a broken run short: it leaves out all that comes after, then parts of what is left, smaller and
 * smaller ones, as long as a promise of the same kind is broken.
 */
final class Shrinker {

  private static final int MOST_RUNS = 400;

  private final Function<Plan, Outcome> running;
  private int runs;

  Shrinker(Function<Plan, Outcome> running) {
    this.running = running;
  }

  Outcome shrink(Outcome broken) {
    Outcome shortest = broken;
    Outcome cut = tried(broken.plan().upTo(Math.max(1, broken.stepsDone())), broken);
    if (cut != null) {
      shortest = cut;
    }
    for (int size = shortest.plan().steps() / 2; size > 0 && runs < MOST_RUNS; size /= 2) {
      shortest = withoutParts(shortest, size);
    }
    return shortest;
  }

  private Outcome withoutParts(Outcome broken, int size) {
    Outcome shortest = broken;
    List<Integer> steps = stepsOf(broken.plan());
    for (int end = steps.size(); end > 0 && runs < MOST_RUNS; end -= size) {
      List<Integer> part = steps.subList(Math.max(0, end - size), end);
      Outcome outcome = tried(shortest.plan().without(part), broken);
      if (outcome != null) {
        shortest = outcome;
      }
    }
    return shortest;
  }

  private static List<Integer> stepsOf(Plan plan) {
    List<Integer> steps = new ArrayList<>();
    for (int step = 0; step < plan.steps(); step++) {
      if (!plan.leftOut().contains(step)) {
        steps.add(step);
      }
    }
    return steps;
  }

  private @Nullable Outcome tried(Plan plan, Outcome like) {
    runs++;
    Outcome outcome = running.apply(plan);
    return !outcome.isWell() && kind(outcome).equals(kind(like)) ? outcome : null;
  }

  // The sentence without what differs from run to run: its names and numbers.
  private static String kind(Outcome outcome) {
    String text = String.valueOf(Objects.requireNonNull(outcome.failure()).getMessage());
    return text.replaceAll("\\b\\S*\\d\\S*\\b", "#");
  }
}
