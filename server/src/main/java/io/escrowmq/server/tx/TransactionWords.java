package io.escrowmq.server.tx;

import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.server.print.Figures;
import org.jspecify.annotations.Nullable;

/** How states and decisions are called in sentences. Pure. */
final class TransactionWords {

  private TransactionWords() {}

  static String state(State state) {
    return switch (state) {
      case IN_DOUBT -> "in doubt";
      case PREPARED -> "prepared";
      case SUSPENDED -> "suspended";
      case COMMITTED -> "committed";
      case ROLLED_BACK -> "rolled back";
    };
  }

  /** When something happens that is so far away. */
  static String due(long millis) {
    return millis <= 0 ? "due" : "in " + Figures.duration(millis);
  }

  static String verdict(String verdict) {
    return switch (verdict) {
      case "COMMIT" -> "committed";
      case "ROLLBACK" -> "rolled back";
      default -> verdict; // a newer broker's word
    };
  }

  /** "at 2026-11-22T21:00:00Z by operator ann". */
  static String atBy(long millis, String by, @Nullable String who) {
    String decider = switch (by) {
      case "PRODUCER" -> "the producer";
      case "CHECK" -> "the producer, when it was asked";
      case "OPERATOR" -> who == null ? "an operator" : "operator " + who;
      case "EXHAUSTION" -> "the broker, after the last check";
      default -> by; // a newer broker's word
    };
    return "at " + Figures.moment(millis) + " by " + decider;
  }
}
