package io.escrowmq.client;

/** How a local transaction ended, as far as the one that is asked knows. */
public enum TransactionOutcome {
  /** It is committed: the message becomes visible. */
  COMMIT,
  /** It is rolled back, or will never happen: the message is dropped. */
  ROLLBACK,
  /** Not known now: the broker asks again later. */
  UNKNOWN
}
