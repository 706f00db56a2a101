package io.escrowmq.client;

import java.util.Collection;

/**
 * Says what a polled consumer reads. Needs {@link #subscribe} or {@link #assign}; everything else has a
 * default. Owner: the caller.
 */
public interface PullConsumerBuilder {

  /** Reads this topic, whose queues the members of the group share; may be called for several. */
  PullConsumerBuilder subscribe(String topic);

  /** Reads what the filter wants of this topic; every member must want the same. */
  PullConsumerBuilder subscribe(String topic, Filter filter);

  /** Reads these queues, whatever other members do; may be called several times. */
  PullConsumerBuilder assign(Collection<TopicQueue> queues);

  /** Where a queue begins of which nothing is recorded; behind its last message by default. */
  PullConsumerBuilder startFrom(StartFrom place);

  /** How many messages one poll gives at most; 500 by default. */
  PullConsumerBuilder maxPolled(int messages);

  /**
   * What is pulled ahead; 2,000 messages and 32 MiB of one queue, 128 MiB in all by default. Too low
   * makes polls wait for the network, too high takes memory.
   */
  PullConsumerBuilder limits(int queueMessages, long queueBytes, long allBytes);

  /**
   * Starts it; does not wait for it to have queues.
   *
   * @throws FilterRefusedException when a broker cannot read the condition of {@link Filter#sql}
   * @throws IllegalStateException when this client has a consumer of the group already
   */
  PullConsumer build();
}
