package io.escrowmq.client.pull;

import io.escrowmq.client.Filter;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import java.util.Map;
import java.util.Set;

/**
 * How a group is polled. Immutable, checked; {@link io.escrowmq.client.PullConsumerBuilder} explains
 * each.
 *
 * @param assigned the queues to read; empty when the group shares its topics out
 */
public record PullSettings(
    String group,
    Map<String, Filter> subscriptions,
    Set<TopicQueue> assigned,
    StartFrom startFrom,
    int maxPolled,
    ConsumerLimits limits) {

  /** Copies and checks. */
  public PullSettings {
    subscriptions = Map.copyOf(subscriptions);
    assigned = Set.copyOf(assigned);
    if (subscriptions.isEmpty() == assigned.isEmpty()) {
      throw new IllegalArgumentException("the consumer of " + group
          + " needs either topics that it subscribes to or queues that it is assigned");
    }
    if (maxPolled < 1) {
      throw new IllegalArgumentException("maxPolled is " + maxPolled + ", at least 1 is needed");
    }
  }
}
