package io.escrowmq.systemtests.driver;

/** How a local transaction goes, or what its producer says of it when it is asked. */
public enum LocalOutcome {
  COMMIT,
  ROLLBACK,
  UNKNOWN,
  /** Throws. */
  FAILURE,
  /** Does not return before the producer is stopped. */
  HANGING
}
