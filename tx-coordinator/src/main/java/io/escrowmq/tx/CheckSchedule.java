package io.escrowmq.tx;

/**
 * When a producer is asked about a half-message that it has not decided.
 *
 * @param firstMillis after the half-message was recorded, unless it names another time. Too short:
 *     producers are asked while they are still at it; too long: a lost decision is noticed late
 * @param everyMillis from the first check to the second; each pause is twice the one before
 * @param maxPauseMillis what pauses grow to at most
 * @param maxChecks how often it is asked before nobody is asked any more
 */
public record CheckSchedule(
    long firstMillis, long everyMillis, long maxPauseMillis, int maxChecks) {

  private static final int MOST_CHECKS = 1000;

  public CheckSchedule {
    if (firstMillis < 0 || everyMillis < 1 || maxPauseMillis < everyMillis) {
      throw new IllegalArgumentException("the pauses between checks grow from " + everyMillis
          + " ms to " + maxPauseMillis + " ms: the first must be above 0 and not above the second");
    }
    if (maxChecks < 1 || maxChecks > MOST_CHECKS) {
      throw new IllegalArgumentException(
          "the number of checks " + maxChecks + " must be 1 to " + MOST_CHECKS);
    }
  }

  /** How long to wait for an answer to a check, the first having the number 1. */
  public long pauseAfter(int check) {
    int doublings = Math.min(check - 1, 62);
    return everyMillis > maxPauseMillis >> doublings ? maxPauseMillis : everyMillis << doublings;
  }
}
