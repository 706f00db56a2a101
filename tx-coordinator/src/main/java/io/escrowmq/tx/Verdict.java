package io.escrowmq.tx;

/** What was decided about a transaction: its messages become visible, or nobody ever sees them. */
public enum Verdict {
  COMMIT,
  ROLLBACK
}
