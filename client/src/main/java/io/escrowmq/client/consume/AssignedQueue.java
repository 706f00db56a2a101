package io.escrowmq.client.consume;

import io.escrowmq.remoting.body.ConsumerRunning.QueueRunning;
import java.util.function.LongConsumer;

/** One queue that this member consumes, from its assignment to its end; used once. Any thread. */
interface AssignedQueue {

  /** Begins to pull there. */
  void begin(long offset);

  /**
   * Pulls and begins nothing any more.
   *
   * @param whenLeft told once how far the queue is done, -1 if it never began: at once, or, when
   *     messages are handled in order, after the one that is in work
   */
  void end(LongConsumer whenLeft);

  /** The offset of the first message that is not done; -1 before the beginning. */
  long done();

  /** What operators get to know of it. */
  QueueRunning running();

  /** There may be room for more, or the queue may be ours for longer. */
  void wake();
}
