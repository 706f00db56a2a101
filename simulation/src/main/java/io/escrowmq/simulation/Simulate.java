package io.escrowmq.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The command line, see {@link #USAGE}. */
public final class Simulate {

  private static final String USAGE = """
      Runs name servers, brokers and clients on one thread, with random work and faults from a seed.

        bin/simulate [--seed S] [--seeds N] [--steps N]   this seed, or N from it on; a random one without
        bin/simulate --minutes M [--steps N]              seeds from a random one on, for so long
        bin/simulate --replay FILE                        a run that was written to a file

      Ends with 1 at the first seed that breaks a promise. It is made short then, told in plain words, and
      written to a file that --replay takes. --whole 1 leaves it as long as it is.
      ESCROWMQ_JAVA_OPTS=-Dsimulation.log=INFO shows what the servers log, -Dsimulation.events=true all
      that happens and not only the end.
      """;

  private static final int USUAL_STEPS = 2_000;
  private static final long NANOS_OF_MINUTE = 60_000_000_000L;
  private static final int LONGEST_RUN_SECONDS = 25; // of a processor's time
  private static final int LOOK_EVERY_SECONDS = 5;
  private static final int MOST_LOOKS = 60; // at one run, which may wait for other processes
  private static final long NANOS_OF_SECOND = 1_000_000_000L;
  private static final long NOBODY = 0; // is watched
  private static final int WRONG_USE = 2;

  private final PrintStream out;
  private long seed = ThreadLocalRandom.current().nextLong(1L << 40);
  private int steps = USUAL_STEPS;
  private long seeds = 1;
  private boolean shrinks = true;
  private long untilNanos = Long.MAX_VALUE;
  private volatile long number; // of the run that goes on
  private Path replayed = Path.of("");

  private Simulate(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] words) throws IOException {
    if (words.length > 0 && words[0].equals("--help")) {
      System.out.print(USAGE);
      return;
    }
    Simulate simulate = new Simulate(System.out);
    String wrong = simulate.read(words);
    if (wrong != null) {
      System.err.println(wrong);
      System.err.println(USAGE);
      System.exit(WRONG_USE);
    }
    System.exit(simulate.run() ? 0 : 1);
  }

  private @Nullable String read(String[] words) {
    for (int i = 0; i < words.length; i += 2) {
      if (i + 1 == words.length) {
        return words[i] + " needs a value";
      }
      try {
        if (!take(words[i], words[i + 1])) {
          return "there is no option " + words[i];
        }
      } catch (NumberFormatException e) {
        return words[i] + " takes a number, and not " + words[i + 1];
      }
    }
    return null;
  }

  private boolean take(String option, String value) {
    switch (option) {
      case "--seed" -> seed = Long.parseLong(value);
      case "--seeds" -> seeds = Long.parseLong(value);
      case "--steps" -> steps = Integer.parseInt(value);
      case "--whole" -> shrinks = Integer.parseInt(value) == 0;
      case "--minutes" -> {
        seeds = Long.MAX_VALUE;
        untilNanos = System.nanoTime() + Long.parseLong(value) * NANOS_OF_MINUTE;
      }
      case "--replay" -> replayed = Path.of(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  // A run that does not end, ends here: its thread cannot be asked to.
  private void watch(Thread runner) {
    Thread watcher = new Thread(
        () -> {
          long before = NOBODY;
          long begun = 0;
          for (int looks = 0; ; looks++) {
            long now = number;
            long used = cpuNanos(runner);
            if (now != before) {
              looks = 0;
              begun = used;
            }
            boolean isLong = used - begun > LONGEST_RUN_SECONDS * NANOS_OF_SECOND;
            if (now != NOBODY && (isLong || looks == MOST_LOOKS)) {
              StringBuilder where = new StringBuilder();
              for (StackTraceElement element : runner.getStackTrace()) {
                where.append("\n\tat ").append(element);
              }
              out.printf(
                  "seed %d, number %d, is broken: it does not end after %d s%s%n",
                  seed + now - 1, now, LONGEST_RUN_SECONDS, where);
              Runtime.getRuntime().halt(1);
            }
            before = now;
            LockSupport.parkNanos(LOOK_EVERY_SECONDS * NANOS_OF_SECOND);
          }
        },
        "watcher");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static long cpuNanos(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
  }

  private boolean run() throws IOException {
    if (!replayed.toString().isEmpty()) {
      Outcome outcome = new Simulation(PlanFile.read(replayed)).run();
      tell(outcome);
      return outcome.isWell();
    }
    Thread runner = Thread.currentThread();
    watch(runner);
    for (long i = 0; i < seeds && System.nanoTime() < untilNanos; i++) {
      number = i + 1;
      Outcome outcome = new Simulation(Plan.of(seed + i, steps)).run();
      if (!outcome.isWell()) {
        number = NOBODY; // making it short may take long
        tellBroken(outcome, i + 1, cpuNanos(runner));
        return false;
      }
      if (seeds == 1) {
        tell(outcome);
      }
    }
    out.printf("all promises hold, from seed %d on%n", seed);
    return true;
  }

  private void tellBroken(Outcome outcome, long number, long nanos) throws IOException {
    out.printf(
        "seed %d, number %d after %.1f s of a processor, is broken: %s%n",
        outcome.plan().seed(), number, nanos / 1e9, outcome.failure());
    Outcome shortest = shrinks ? new Shrinker(Simulate::outcome).shrink(outcome) : outcome;
    tell(shortest);
    Path file = Path.of("seed-" + outcome.plan().seed() + ".plan");
    if (shrinks) {
      PlanFile.write(file, shortest.plan());
      out.printf("again: bin/simulate --replay %s%n", file);
    }
    out.printf(
        "as it was: bin/simulate --whole 1 --seed %d --steps %d%n",
        outcome.plan().seed(), steps);
  }

  private static Outcome outcome(Plan plan) {
    return new Simulation(plan).run();
  }

  private void tell(Outcome outcome) {
    Throwable failure = outcome.failure();
    if (failure != null) {
      outcome.lastEvents().forEach(out::println);
      if (!(failure instanceof Violation)) {
        failure.printStackTrace(out);
      }
    }
    out.printf(
        "seed %d, %d of %d steps: %s; %d sent, %d acknowledged, %d seen, %.1f simulated seconds, %x%n",
        outcome.plan().seed(),
        outcome.stepsDone()
            - outcome.plan().leftOut().headSet(outcome.stepsDone(), false).size(),
        outcome.plan().steps(),
        failure == null ? "all promises hold" : failure.getMessage(),
        outcome.sent(),
        outcome.acknowledged(),
        outcome.seen(),
        outcome.simulatedMillis() / 1e3,
        outcome.digest());
  }
}
