package io.escrowmq.runtime;

import java.time.InstantSource;

/** The machine that a test runs on. Failures of its loops show in what the test finds undone. */
public final class TestMachine {

  /** With real threads, clock and chance. */
  public static final Surroundings REAL = Surroundings.ofThisMachine((loop, failure) -> {});

  private TestMachine() {}

  /** With time that the test makes, for loops that the test turns. */
  public static Surroundings at(InstantSource clock, Ticker ticker) {
    return REAL.withTime(clock, ticker);
  }
}
