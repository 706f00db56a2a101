package io.escrowmq.client.tx;

import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.runtime.Turn;

/** Turns for which real threads wait. */
final class RealTurns {

  private static final Surroundings MACHINE = TestMachine.REAL;

  private RealTurns() {}

  static Turn next() {
    return new Turn(MACHINE.loops(), MACHINE.ticker()::nanos);
  }
}
