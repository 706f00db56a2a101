package io.escrowmq.broker.pull;

import org.jspecify.annotations.Nullable;

/**
 * What a look into a queue brought.
 *
 * @param found null unless {@code status} is FOUND; whoever gets it releases it
 * @param nextOffset where the consumer goes on
 * @param remark what else the consumer should know: which messages were left out, or why nothing could
 *     be read; null in general
 */
public record PullResult(
    Status status,
    @Nullable FoundMessages found,
    long nextOffset,
    long minOffset,
    long maxOffset,
    @Nullable String remark) {

  PullResult(
      Status status,
      @Nullable FoundMessages found,
      long nextOffset,
      long minOffset,
      long maxOffset) {
    this(status, found, nextOffset, minOffset, maxOffset, null);
  }

  /** The same, but for where the consumer goes on. */
  PullResult from(long otherOffset) {
    return new PullResult(status, found, otherOffset, minOffset, maxOffset, remark);
  }

  /** The ways a look ends. */
  enum Status {
    FOUND,
    /** The consumer has everything. */
    AT_THE_END,
    /** There was something, but nothing that the subscription wants. */
    NO_MATCH,
    /** The offset lies outside of the queue. */
    OUTSIDE,
    /** The offset lies behind the end of the queue. */
    BEYOND_END,
    /** The queue cannot be read at this offset now: the consumer has to try again. */
    UNREADABLE
  }
}
