package io.escrowmq.broker.refusal;

import org.jspecify.annotations.Nullable;

/** Leaves the judging of a request at once; caught where the judging began. It has no stack trace. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(null, null, false, false);
    this.refusal = refusal;
  }

  /** Goes on when there is no refusal. */
  public static void throwIf(@Nullable Refusal refusal) {
    if (refusal != null) {
      throw new RefusedException(refusal);
    }
  }

  public Refusal refusal() {
    return refusal;
  }
}
