package io.escrowmq.client.member;

import io.escrowmq.remoting.body.ConsumerState.QueueState;

/** One queue that a member reads, from its assignment to its end; used once. Any thread. */
public interface MemberQueue {

  /** Begins to pull there. */
  void begin(long offset);

  /** What operators get to know of it. */
  QueueState running();
}
