package io.escrowmq.simulation;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;

/**
 * All that a run follows from: the seed, how many steps of random work and faults it has, and which of
 * them are left out. A step draws from a source of its own, so it does the same whichever others are
 * left out.
 */
public record Plan(long seed, int steps, NavigableSet<Integer> leftOut) {

  public Plan {
    if (steps < 1 || steps > 1_000_000) {
      throw new IllegalArgumentException(steps + " steps: 1 to 1,000,000 are possible");
    }
    leftOut = Collections.unmodifiableNavigableSet(new TreeSet<>(leftOut));
  }

  /** The whole run of a seed. */
  public static Plan of(long seed, int steps) {
    return new Plan(seed, steps, new TreeSet<>());
  }

  /** The same without these steps too. */
  Plan without(Iterable<Integer> more) {
    TreeSet<Integer> all = new TreeSet<>(leftOut);
    more.forEach(all::add);
    return new Plan(seed, steps, all);
  }

  /** The same, but for what comes after a step. */
  Plan upTo(int step) {
    return new Plan(seed, step, leftOut.headSet(step, false));
  }

  /** What everything but the steps draws from. */
  Random random() {
    return random(-1);
  }

  Random random(int step) {
    long mixed = (seed * 0x9E3779B97F4A7C15L + step) * 0xBF58476D1CE4E5B9L;
    return new Random(mixed ^ (mixed >>> 31));
  }
}
