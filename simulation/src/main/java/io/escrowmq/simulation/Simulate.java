package io.escrowmq.simulation;

import io.escrowmq.simulation.Simulation.Outcome;
import java.io.PrintStream;
import java.util.concurrent.ThreadLocalRandom;

/** The command line: {@code --seed S}, {@code --steps N}, {@code --minutes M}, {@code --seeds N}. */
public final class Simulate {

  private static final int USUAL_STEPS = 3_000;

  private Simulate() {}

  public static void main(String[] words) {
    long first = ThreadLocalRandom.current().nextLong(1L << 40);
    int steps = USUAL_STEPS;
    long seeds = 1;
    boolean stopsAtFirst = false;
    long untilNanos = Long.MAX_VALUE;
    for (int i = 0; i + 1 < words.length; i += 2) {
      long value = Long.parseLong(words[i + 1]);
      switch (words[i]) {
        case "--seed" -> first = value;
        case "--steps" -> steps = (int) value;
        case "--first" -> stopsAtFirst = value != 0;
        case "--seeds" -> seeds = value;
        case "--minutes" -> {
          seeds = Long.MAX_VALUE;
          untilNanos = System.nanoTime() + value * 60_000_000_000L;
        }
        default -> {
          System.err.println("unknown option " + words[i]
              + "; there are --seed S, --steps N, --seeds N, --minutes M");
          System.exit(2);
        }
      }
    }
    int failed = 0;
    for (long i = 0;
        i < seeds && System.nanoTime() < untilNanos && !(stopsAtFirst && failed > 0);
        i++) {
      Outcome outcome = new Simulation(first + i, steps).run();
      failed += outcome.failure() == null ? 0 : 1;
      print(outcome, steps, System.out);
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  private static void print(Outcome outcome, int steps, PrintStream out) {
    out.printf(
        "seed %d: %s; %d sent, %d acknowledged, %d seen, %.1f simulated seconds%n",
        outcome.seed(),
        outcome.failure() == null ? "all promises hold" : "BROKEN: " + outcome.failure(),
        outcome.sent(),
        outcome.acknowledged(),
        outcome.seen(),
        outcome.simulatedMillis() / 1e3);
    if (outcome.failure() != null) {
      outcome.lastEvents().forEach(out::println);
      outcome.failure().printStackTrace(out);
      out.printf("again: bin/simulate --seed %d --steps %d%n", outcome.seed(), steps);
    }
  }
}
