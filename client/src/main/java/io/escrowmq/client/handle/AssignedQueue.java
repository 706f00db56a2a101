package io.escrowmq.client.handle;

import io.escrowmq.client.member.MemberQueue;
import java.util.function.LongConsumer;

/** One queue whose messages are handled as they come. Any thread. */
interface AssignedQueue extends MemberQueue {

  /**
   * Pulls and begins nothing any more.
   *
   * @param whenLeft told once how far the queue is done, -1 if it never began: at once, or, when
   *     messages are handled in order, after the one that is in work
   */
  void end(LongConsumer whenLeft);

  /** The offset of the first message that is not done; -1 before the beginning. */
  long done();

  /** There may be room for more, or the queue may be ours for longer. */
  void wake();
}
