package io.escrowmq.broker.pull;

import org.jspecify.annotations.Nullable;

/**
 * What a look into a queue brought.
 *
 * @param found null unless {@code status} is FOUND; whoever gets it releases it
 * @param nextOffset where the consumer goes on
 */
record PullResult(
    Status status, @Nullable FoundMessages found, long nextOffset, long minOffset, long maxOffset) {

  /** The ways a look ends. */
  enum Status {
    FOUND,
    /** The consumer has everything. */
    AT_THE_END,
    /** There was something, but nothing that the subscription wants. */
    NO_MATCH,
    /** The offset lies outside of the queue. */
    OUTSIDE
  }
}
