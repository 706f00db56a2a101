package io.escrowmq.client;

import java.util.Set;

/**
 * A running consumer, which hands messages to its handler. Made by {@link ConsumerBuilder#start}. Any
 * thread.
 */
public interface Consumer extends AutoCloseable {

  /** The queues that this member of the group has now; immutable. */
  Set<TopicQueue> queues();

  /** Begins no more handling until {@link #resume}; keeps its queues, finishes what it has begun. */
  void pause();

  /** Goes on after {@link #pause}. */
  void resume();

  /**
   * Leaves the group: begins nothing more, finishes what it has begun, at most the stop timeout, and
   * records how far it came, so that the others go on there. Not from within a handler, which it would
   * wait for.
   */
  @Override
  void close();
}
