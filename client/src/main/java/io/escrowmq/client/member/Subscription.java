package io.escrowmq.client.member;

import io.escrowmq.client.Filter;
import io.escrowmq.remoting.body.SubscriptionEntry;
import java.util.List;

/**
 * What a group wants of a topic. Immutable.
 *
 * @param version milliseconds; of two subscriptions of one group to one topic the larger one counts
 */
public record Subscription(String topic, Filter filter, long version) {

  /** Whether the filter asks for tags, which every broker can read. */
  public boolean isByTag() {
    return filter.type().equals("TAG");
  }

  public SubscriptionEntry entry() {
    List<String> tags = List.copyOf(filter.tags());
    return new SubscriptionEntry(
        topic,
        filter.expression(),
        filter.type(),
        tags,
        tags.stream().map(String::hashCode).toList(),
        version,
        false);
  }
}
