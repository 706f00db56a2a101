package io.escrowmq.broker.tx;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecisionResponseHeader;
import io.escrowmq.tx.Decision;
import java.time.Instant;

/** How a decision is told. Pure. */
final class DecisionText {

  private DecisionText() {}

  /** For people: "it was committed at ... by its producer". */
  static String inWords(Decision decision) {
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

  /** It is so. */
  static Reply reply(Decision decision, boolean again) {
    return Reply.ok(header(decision, again));
  }

  /** It is otherwise, and stays so. */
  static Reply contradiction(Decision decision) {
    return new Reply(
        ResponseCode.TRANSACTION_DECIDED_OTHERWISE,
        inWords(decision) + "; that stands",
        header(decision, true),
        Body.EMPTY);
  }

  private static WireHeader header(Decision decision, boolean again) {
    return new DecisionResponseHeader(
        decision.verdict().name(), decision.timeMillis(), decision.by().name(), again);
  }
}
