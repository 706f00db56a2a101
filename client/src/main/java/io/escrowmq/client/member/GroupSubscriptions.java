package io.escrowmq.client.member;

import io.escrowmq.client.Filter;
import io.escrowmq.client.StartFrom;
import io.escrowmq.remoting.body.Heartbeat.ConsumerEntry;
import io.escrowmq.remoting.message.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a group wants, as brokers are told: its topics, and the topic of its retries. Immutable. */
public final class GroupSubscriptions {

  private final ConsumerEntry entry;
  private final Map<String, Subscription> byTopic = new TreeMap<>();

  /**
   * Everything that one consumer subscribes to.
   *
   * @param consumeType as heartbeats name it
   * @param version milliseconds; the latest member's counts
   */
  public GroupSubscriptions(
      String group,
      String consumeType,
      boolean broadcasting,
      StartFrom startFrom,
      Map<String, Filter> filters,
      long version) {
    filters.forEach(
        (topic, filter) -> byTopic.put(topic, new Subscription(topic, filter, version)));
    if (!broadcasting) {
      String retry = TopicNames.retryOf(group);
      byTopic.put(retry, new Subscription(retry, Filter.all(), version));
    }
    this.entry = new ConsumerEntry(
        group,
        consumeType,
        broadcasting ? "BROADCASTING" : "CLUSTERING",
        switch (startFrom.place()) {
          case BEGIN -> "CONSUME_FROM_FIRST_OFFSET";
          case END -> "CONSUME_FROM_LAST_OFFSET";
          case TIME -> "CONSUME_FROM_TIMESTAMP";
        },
        byTopic.values().stream().map(Subscription::entry).toList(),
        false);
  }

  public ConsumerEntry entry() {
    return entry;
  }

  public List<Subscription> all() {
    return List.copyOf(byTopic.values());
  }

  public List<String> topics() {
    return new ArrayList<>(byTopic.keySet());
  }

  /** The subscription of this topic; of one that is not subscribed to, everything. */
  public Subscription of(String topic) {
    Subscription known = byTopic.get(topic);
    return known == null ? new Subscription(topic, Filter.all(), 0) : known;
  }
}
