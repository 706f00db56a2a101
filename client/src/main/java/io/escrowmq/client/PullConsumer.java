package io.escrowmq.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads messages when it is asked to, and leaves it to the application what is recorded when. Any
 * thread, but of two threads that poll each gets a part.
 *
 * <p>A queue's position is the offset of the next message that {@link #poll} gives; {@link #commit}
 * records positions for the group. Nothing is recorded by itself.
 */
public interface PullConsumer extends AutoCloseable {

  /** The queues that are read now, assigned or shared out; immutable. */
  Set<TopicQueue> queues();

  /**
   * The next messages, in the order of each queue.
   *
   * @param wait how long to wait for the first one; zero does not wait
   * @return empty when there was none in time
   */
  List<Delivery> poll(Duration wait);

  /** The offset of the next message of this queue; waits for the broker when it was never read. */
  long position(TopicQueue queue);

  /** Goes on with this offset; what lies outside of the queue becomes its nearest end. */
  void seek(TopicQueue queue, long offset);

  /** Goes on with the first message that was stored at this moment, or later. */
  void seek(TopicQueue queue, Instant moment);

  /** Goes on with the first message that is still stored. */
  void seekToBegin(TopicQueue queue);

  /** Goes on behind the last message. */
  void seekToEnd(TopicQueue queue);

  /** Records the positions of all queues for the group, and waits until brokers know them. */
  void commit();

  /** What is recorded for the group; empty when nothing is. */
  OptionalLong committed(TopicQueue queue);

  /** How many messages lie between the position and the end of the queue now. */
  long lag(TopicQueue queue);

  /** Gives no more messages of these queues until {@link #resume}. */
  void pause(Collection<TopicQueue> queues);

  /** Goes on after {@link #pause}. */
  void resume(Collection<TopicQueue> queues);

  /** Stops reading and leaves the group; records nothing. */
  @Override
  void close();
}
