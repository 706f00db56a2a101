package io.escrowmq.tx;

/** What a producer says of its local transaction. */
public enum Outcome {
  COMMIT,
  ROLLBACK,
  /** It cannot say yet; it will be asked again. */
  UNKNOWN;

  /** What follows from it; an {@link IllegalStateException} for {@link #UNKNOWN}. */
  public Verdict verdict() {
    return switch (this) {
      case COMMIT -> Verdict.COMMIT;
      case ROLLBACK -> Verdict.ROLLBACK;
      case UNKNOWN -> throw new IllegalStateException("no verdict follows from UNKNOWN");
    };
  }
}
