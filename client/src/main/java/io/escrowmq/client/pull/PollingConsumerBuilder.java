package io.escrowmq.client.pull;

import io.escrowmq.client.Filter;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.PullConsumerBuilder;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Names;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Makes a {@link PollingConsumer}. One owner. */
public final class PollingConsumerBuilder implements PullConsumerBuilder {

  private final Function<PullSettings, PullConsumer> start;
  private final String group;
  private final Map<String, Filter> subscriptions = new LinkedHashMap<>();
  private final Set<TopicQueue> assigned = new LinkedHashSet<>();
  private StartFrom startFrom = StartFrom.end();
  private int maxPolled = 500;
  private ConsumerLimits limits = ConsumerLimits.DEFAULT;

  public PollingConsumerBuilder(String group, Function<PullSettings, PullConsumer> start) {
    this.group = Names.group(group);
    this.start = start;
  }

  @Override
  public PullConsumerBuilder subscribe(String topic) {
    return subscribe(topic, Filter.all());
  }

  @Override
  public PullConsumerBuilder subscribe(String topic, Filter filter) {
    Objects.requireNonNull(filter, "the filter is null");
    subscriptions.put(Names.topic(topic), filter);
    return this;
  }

  @Override
  public PullConsumerBuilder assign(Collection<TopicQueue> queues) {
    Objects.requireNonNull(queues, "the queues is null");
    assigned.addAll(queues);
    return this;
  }

  @Override
  public PullConsumerBuilder startFrom(StartFrom place) {
    startFrom = Objects.requireNonNull(place, "the place to start from is null");
    return this;
  }

  @Override
  public PullConsumerBuilder maxPolled(int messages) {
    maxPolled = messages;
    return this;
  }

  @Override
  public PullConsumerBuilder limits(int queueMessages, long queueBytes, long allBytes) {
    limits = new ConsumerLimits(queueMessages, queueBytes, allBytes);
    return this;
  }

  @Override
  public PullConsumer build() {
    return start.apply(
        new PullSettings(group, subscriptions, assigned, startFrom, maxPolled, limits));
  }
}
