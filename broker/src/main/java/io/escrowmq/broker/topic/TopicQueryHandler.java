package io.escrowmq.broker.topic;

import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.Pages;
import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicList;
import io.escrowmq.remoting.body.TopicStats;
import io.escrowmq.remoting.body.TopicTable;
import io.escrowmq.remoting.header.AllTopicConfigHeader;
import io.escrowmq.remoting.header.AllTopicConfigResponseHeader;
import io.escrowmq.remoting.header.TopicHeader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Operators look at topics, as the protocol has it. Any event loop. */
final class TopicQueryHandler {

  private final TopicQueries queries;
  private final BrokerIdentity identity;

  TopicQueryHandler(TopicQueries queries, BrokerIdentity identity) {
    this.queries = queries;
    this.identity = identity;
  }

  /** GET_TOPIC_CONFIG. */
  void one(Call call, TopicHeader header) {
    CallOutcome.answer(
        call, () -> Reply.ok(TopicTables.of(queries.one(header.topic())).toBytes()));
  }

  /** GET_ALL_TOPIC_CONFIG. */
  void all(Call call, AllTopicConfigHeader header) {
    CallOutcome.answer(
        call, () -> told(queries.page(header.from(), header.most(), header.dataVersion())));
  }

  private static Reply told(Pages.Page<Topic> page) {
    Map<String, TopicConfig> table = new LinkedHashMap<>();
    page.items().forEach(topic -> table.put(topic.name(), TopicTables.of(topic)));
    return Reply.ok(
        new AllTopicConfigResponseHeader(page.total()),
        new TopicTable(page.version(), table).toBody());
  }

  /** GET_TOPIC_STATS_INFO. */
  void stats(Call call, TopicHeader header) {
    CallOutcome.answer(call, () -> told(queries.stats(header.topic())));
  }

  private Reply told(TopicQueries.Stats stats) {
    Map<MessageQueue, TopicStats.QueueRange> ranges = new LinkedHashMap<>();
    for (int id = 0; id < stats.ranges().size(); id++) {
      TopicQueries.Range range = stats.ranges().get(id);
      ranges.put(
          new MessageQueue(stats.topic().name(), identity.name(), id),
          new TopicStats.QueueRange(range.first(), range.end(), range.newestMillis()));
    }
    return Reply.ok(new TopicStats(ranges, stats.putRate()).toBytes());
  }

  /** GET_SYSTEM_TOPIC_LIST_FROM_BROKER. */
  void system(Call call, Fields none) {
    TopicList told = new TopicList(List.copyOf(queries.system()), identity.address());
    call.reply(Reply.ok(told.toBytes()));
  }
}
