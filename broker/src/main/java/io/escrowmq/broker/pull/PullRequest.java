package io.escrowmq.broker.pull;

import org.jspecify.annotations.Nullable;

/**
 * What a consumer asks for, whatever protocol it speaks.
 *
 * @param offset from which on
 * @param takesMany whether it takes more messages at once than others do
 * @param waitMillis how long it waits when there is nothing; counts only when it may
 * @param commitOffset how far it is; {@link #NO_COMMIT} when it does not say
 */
public record PullRequest(
    QueueReader reader,
    long offset,
    PullLimits limits,
    boolean takesMany,
    boolean mayWait,
    long waitMillis,
    long commitOffset,
    Filter filter) {

  public static final long NO_COMMIT = Long.MIN_VALUE;

  /**
   * Which messages it is for.
   *
   * @param isBrought whether the pull says so itself; its group did otherwise
   * @param version of what it brings, or knows of
   */
  public record Filter(
      boolean isBrought,
      @Nullable String expression,
      @Nullable String expressionType,
      long version) {}
}
