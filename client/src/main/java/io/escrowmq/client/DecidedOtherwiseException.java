package io.escrowmq.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The broker has recorded the contrary of what was reported, for ever: an operator, a check, or the
 * end of all checks was quicker. Local transaction and messages disagree; an operator has to look.
 */
public final class DecidedOtherwiseException extends EscrowException {

  private final TransactionOutcome decision;
  private final String decidedBy;
  private final Instant decidedAt;

  /**
   * @param decision what stands
   * @param decidedBy PRODUCER, CHECK, OPERATOR or EXHAUSTION
   * @param decidedAt by the broker's clock
   */
  public DecidedOtherwiseException(
      String message,
      @Nullable String server,
      TransactionOutcome decision,
      String decidedBy,
      Instant decidedAt) {
    super(message, server, false, null);
    this.decision = decision;
    this.decidedBy = decidedBy;
    this.decidedAt = decidedAt;
  }

  /** What stands: COMMIT or ROLLBACK. */
  public TransactionOutcome decision() {
    return decision;
  }

  /** PRODUCER, CHECK, OPERATOR or EXHAUSTION. */
  public String decidedBy() {
    return decidedBy;
  }

  /** When, by the broker's clock. */
  public Instant decidedAt() {
    return decidedAt;
  }
}
