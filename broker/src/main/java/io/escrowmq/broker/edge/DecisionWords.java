package io.escrowmq.broker.edge;

import io.escrowmq.tx.Decision;
import java.time.Instant;

/** A decision, for people. Pure. */
public final class DecisionWords {

  private DecisionWords() {}

  /** As in "it was committed at ... by its producer". */
  public static String of(Decision decision) {
    String what = switch (decision.verdict()) {
      case COMMIT -> "committed";
      case ROLLBACK -> "rolled back";
    };
    String by = switch (decision.by()) {
      case PRODUCER -> "its producer";
      case CHECK -> "a producer that was asked";
      case OPERATOR -> "an operator";
      case EXHAUSTION -> "the broker, when all checks were in vain";
    };
    return "it was " + what + " at " + Instant.ofEpochMilli(decision.timeMillis()) + " by " + by;
  }
}
