package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.Pages;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicList;
import io.escrowmq.remoting.body.TopicStats;
import io.escrowmq.remoting.body.TopicTable;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.AllTopicConfigHeader;
import io.escrowmq.remoting.header.AllTopicConfigResponseHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Operators look at topics: how they are set, and where their queues stand. Any event loop. */
public final class TopicQueries {

  private static final int TOPIC_BYTES = 160; // as JSON, without its name

  private static final TopicStats.QueueRange NEVER_USED = new TopicStats.QueueRange(0, 0, 0);

  private final TopicCatalog topics;
  private final ConsumeQueues queues;
  private final String brokerName;
  private final String brokerAddress;
  private final ToDoubleFunction<String> putRate;
  private final Pages<Topic> pages;

  /**
   * @param brokerName as it stands in routes
   * @param brokerAddress "ip:port", as it is registered
   * @param putRate how many messages a second a topic gets
   */
  public TopicQueries(
      TopicCatalog topics,
      ConsumeQueues queues,
      String brokerName,
      String brokerAddress,
      ToDoubleFunction<String> putRate) {
    this.topics = topics;
    this.queues = queues;
    this.brokerName = brokerName;
    this.brokerAddress = brokerAddress;
    this.putRate = putRate;
    this.pages = new Pages<>(new Pages.Source<>(
        () -> TopicTables.of(topics.version()),
        topics::all,
        Topic::name,
        topics::find,
        TopicQueries::jsonBytes));
  }

  /** GET_TOPIC_CONFIG. */
  public void one(Call call, TopicHeader header) {
    Topic topic = topics.find(header.topic());
    call.reply(topic == null ? missing(header) : Reply.ok(TopicTables.of(topic).toBytes()));
  }

  /** GET_ALL_TOPIC_CONFIG: a page, or all if they fit an answer. */
  public void all(Call call, AllTopicConfigHeader header) {
    Pages.Page<Topic> page;
    try {
      page = pages.page(header.from(), header.most(), header.dataVersion());
    } catch (Pages.TooLongException e) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "the settings of all topics: " + e.getMessage() + "; ask in pages (topicSeq,"
              + " maxTopicNum), as tools of RocketMQ 5.5 do, or a name server for the names"));
      return;
    }
    Map<String, TopicConfig> table = new LinkedHashMap<>();
    page.items().forEach(topic -> table.put(topic.name(), TopicTables.of(topic)));
    call.reply(Reply.ok(
        new AllTopicConfigResponseHeader(page.total()),
        new TopicTable(page.version(), table).toBody()));
  }

  private static long jsonBytes(Topic topic) {
    return TOPIC_BYTES + 2L * topic.name().length() + Pages.jsonBytes(topic.attributes());
  }

  /** GET_TOPIC_STATS_INFO. */
  public void stats(Call call, TopicHeader header) {
    Topic topic = topics.find(header.topic());
    if (topic == null) {
      call.reply(missing(header));
      return;
    }
    Map<MessageQueue, TopicStats.QueueRange> ranges = new LinkedHashMap<>();
    for (int id = 0; id < topic.queues(); id++) {
      ranges.put(
          new MessageQueue(topic.name(), brokerName, id), range(queues.find(topic.name(), id)));
    }
    call.reply(Reply.ok(new TopicStats(ranges, putRate.applyAsDouble(topic.name())).toBytes()));
  }

  /** GET_SYSTEM_TOPIC_LIST_FROM_BROKER: reserved names, and what the settings bring along. */
  public void system(Call call, Fields none) {
    TreeSet<String> names = new TreeSet<>(TopicNames.reserved());
    names.addAll(topics.builtIn());
    call.reply(Reply.ok(new TopicList(List.copyOf(names), brokerAddress).toBytes()));
  }

  private static TopicStats.QueueRange range(@Nullable ConsumeQueue queue) {
    if (queue == null) {
      return NEVER_USED;
    }
    long max = queue.maxOffset();
    return new TopicStats.QueueRange(queue.minOffset(), max, Math.max(0, queue.timeOf(max - 1)));
  }

  private static Reply missing(TopicHeader header) {
    return Reply.refused(
        ResponseCode.TOPIC_NOT_EXIST, "the topic " + header.topic() + " does not exist");
  }
}
