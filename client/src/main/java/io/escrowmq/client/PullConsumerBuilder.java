package io.escrowmq.client;

import io.escrowmq.client.pull.ConsumerLimits;
import io.escrowmq.client.pull.PullSettings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Says what a polled consumer reads. Needs {@link #subscribe} or {@link #assign}; everything else has a
 * default. Owner: whoever builds.
 */
public final class PullConsumerBuilder {

  private final Function<PullSettings, PullConsumer> start;
  private final String group;
  private final Map<String, Filter> subscriptions = new LinkedHashMap<>();
  private final Set<TopicQueue> assigned = new LinkedHashSet<>();
  private StartFrom startFrom = StartFrom.end();
  private int maxPolled = 500;
  private ConsumerLimits limits = ConsumerLimits.DEFAULT;

  PullConsumerBuilder(String group, Function<PullSettings, PullConsumer> start) {
    this.group = Names.group(group);
    this.start = start;
  }

  /** Reads this topic, whose queues the members of the group share; may be called for several. */
  public PullConsumerBuilder subscribe(String topic) {
    return subscribe(topic, Filter.all());
  }

  /** Reads what the filter wants of this topic; every member must want the same. */
  public PullConsumerBuilder subscribe(String topic, Filter filter) {
    Objects.requireNonNull(filter, "the filter is null");
    subscriptions.put(Names.topic(topic), filter);
    return this;
  }

  /** Reads these queues, whatever other members do; may be called several times. */
  public PullConsumerBuilder assign(Collection<TopicQueue> queues) {
    Objects.requireNonNull(queues, "the queues is null");
    assigned.addAll(queues);
    return this;
  }

  /** Where a queue begins of which nothing is recorded; behind its last message by default. */
  public PullConsumerBuilder startFrom(StartFrom place) {
    Objects.requireNonNull(place, "the place to start from is null");
    startFrom = place;
    return this;
  }

  /** How many messages one poll gives at most; 500 by default. */
  public PullConsumerBuilder maxPolled(int messages) {
    maxPolled = messages;
    return this;
  }

  /**
   * What is pulled ahead; 2,000 messages and 32 MiB of one queue, 128 MiB in all by default. Too low
   * makes polls wait for the network, too high takes memory.
   */
  public PullConsumerBuilder limits(int queueMessages, long queueBytes, long allBytes) {
    limits = new ConsumerLimits(queueMessages, queueBytes, allBytes);
    return this;
  }

  /**
   * Starts it; does not wait for it to have queues.
   *
   * @throws FilterRefusedException when a broker cannot read the condition of {@link Filter#sql}
   * @throws IllegalStateException when this client has a consumer of the group already
   */
  public PullConsumer build() {
    return start.apply(
        new PullSettings(group, subscriptions, assigned, startFrom, maxPolled, limits));
  }
}
