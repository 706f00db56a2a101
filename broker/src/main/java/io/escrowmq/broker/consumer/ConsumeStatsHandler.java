package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerGroup;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.BrokerConsumeStats;
import io.escrowmq.remoting.body.ConsumeStats;
import io.escrowmq.remoting.body.ConsumeStats.QueueProgress;
import io.escrowmq.remoting.body.ConsumeTimeSpans;
import io.escrowmq.remoting.body.GroupList;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.TopicList;
import io.escrowmq.remoting.header.BrokerConsumeStatsHeader;
import io.escrowmq.remoting.header.ConsumeStatsHeader;
import io.escrowmq.remoting.header.GroupHeader;
import io.escrowmq.remoting.header.TopicAndGroupHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Operators look how far groups have come. Any event loop. */
final class ConsumeStatsHandler {

  private final TopicCatalog topics;
  private final ConsumerOffsets offsets;
  private final ClientRegistry clients;
  private final ConsumeQueues queues;
  private final InstantSource clock;
  private final String brokerName;
  private final String brokerAddress;

  ConsumeStatsHandler(
      TopicCatalog topics,
      ConsumerOffsets offsets,
      ClientRegistry clients,
      ConsumeQueues queues,
      InstantSource clock,
      String brokerName,
      String brokerAddress) {
    this.topics = topics;
    this.offsets = offsets;
    this.clients = clients;
    this.queues = queues;
    this.clock = clock;
    this.brokerName = brokerName;
    this.brokerAddress = brokerAddress;
  }

  /** GET_CONSUME_STATS. */
  void group(Call call, ConsumeStatsHeader header) {
    Map<MessageQueue, QueueProgress> progress = new LinkedHashMap<>();
    for (String name : topicsOf(header)) {
      Topic topic = topics.find(name);
      if (topic != null && !isGivenUp(header.consumerGroup(), name)) {
        addProgress(header.consumerGroup(), topic, progress);
      }
    }
    call.reply(Reply.ok(new ConsumeStats(0, progress).toBytes()));
  }

  private Set<String> topicsOf(ConsumeStatsHeader header) {
    String one = header.topic();
    if (one != null && !one.isBlank()) {
      return Set.of(one);
    }
    List<String> several = header.topics();
    return several.isEmpty() ? offsets.topicsOf(header.consumerGroup()) : new TreeSet<>(several);
  }

  /** The group is online, and no longer subscribed to the topic: its old offsets say nothing. */
  private boolean isGivenUp(String group, String topic) {
    ConsumerGroup online = clients.consumers(group);
    return online != null
        && !online.subscriptions().isEmpty()
        && !online.subscriptions().containsKey(topic);
  }

  private void addProgress(String group, Topic topic, Map<MessageQueue, QueueProgress> progress) {
    for (int queueId = 0; queueId < topic.readQueues(); queueId++) {
      ConsumeQueue queue = queues.find(topic.name(), queueId);
      long consumed = Math.max(0, offsets.find(group, topic.name(), queueId));
      long pulled = offsets.pulled(group, topic.name(), queueId);
      progress.put(
          new MessageQueue(topic.name(), brokerName, queueId),
          new QueueProgress(
              queue == null ? 0 : queue.maxOffset(),
              consumed,
              Math.max(consumed, pulled),
              Math.max(0, timeOf(queue, consumed - 1))));
    }
  }

  /** GET_BROKER_CONSUME_STATS. */
  void broker(Call call, BrokerConsumeStatsHeader header) {
    List<Map<String, List<ConsumeStats>>> all = new ArrayList<>();
    long behind = 0;
    long inFlight = 0;
    for (String group : offsets.groups()) {
      List<ConsumeStats> stats = new ArrayList<>();
      for (String name : offsets.topicsOf(group)) {
        Topic topic = topics.find(name);
        if (topic != null && (topic.ordered() || !header.ordered()) && !isGivenUp(group, name)) {
          Map<MessageQueue, QueueProgress> progress = new LinkedHashMap<>();
          addProgress(group, topic, progress);
          stats.add(new ConsumeStats(0, progress));
          for (QueueProgress one : progress.values()) {
            behind += one.brokerOffset() - one.consumerOffset();
            inFlight += one.pullOffset() - one.consumerOffset();
          }
        }
      }
      if (!stats.isEmpty()) {
        all.add(Map.of(group, stats));
      }
    }
    call.reply(Reply.ok(new BrokerConsumeStats(brokerAddress, all, behind, inFlight).toBytes()));
  }

  /** QUERY_TOPIC_CONSUME_BY_WHO. */
  void groupsOn(Call call, TopicHeader header) {
    Set<String> groups = new TreeSet<>(clients.groupsOn(header.topic()));
    groups.addAll(offsets.groupsOn(header.topic()));
    call.reply(Reply.ok(new GroupList(List.copyOf(groups)).toBytes()));
  }

  /** QUERY_TOPICS_BY_CONSUMER. */
  void topicsOf(Call call, GroupHeader header) {
    List<String> known = List.copyOf(offsets.topicsOf(header.group()));
    call.reply(Reply.ok(new TopicList(known, brokerAddress).toBytes()));
  }

  /** QUERY_CONSUME_TIME_SPAN. */
  void timeSpans(Call call, TopicAndGroupHeader header) {
    Topic topic = topics.find(header.topic());
    if (topic == null) {
      call.reply(RefusalPage.reply(new Refusal.NoSuchTopic(header.topic())));
      return;
    }
    List<ConsumeTimeSpans.Span> spans = new ArrayList<>();
    for (int queueId = 0; queueId < topic.readQueues(); queueId++) {
      spans.add(span(header.group(), topic, queueId));
    }
    call.reply(Reply.ok(new ConsumeTimeSpans(spans).toBytes()));
  }

  private ConsumeTimeSpans.Span span(String group, Topic topic, int queueId) {
    ConsumeQueue queue = queues.find(topic.name(), queueId);
    long min = queue == null ? 0 : queue.minOffset();
    long max = queue == null ? 0 : queue.maxOffset();
    long consumed = offsets.find(group, topic.name(), queueId);
    long minMillis = timeOf(queue, min);
    long next = Math.max(min, consumed);
    return new ConsumeTimeSpans.Span(
        new MessageQueue(topic.name(), brokerName, queueId),
        minMillis,
        timeOf(queue, max - 1),
        consumed > 0 ? timeOf(queue, consumed - 1) : minMillis,
        next < max ? clock.millis() - timeOf(queue, next) : 0);
  }

  private static long timeOf(@Nullable ConsumeQueue queue, long offset) {
    return queue == null ? -1 : queue.timeOf(offset);
  }
}
