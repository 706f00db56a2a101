package io.escrowmq.broker.admin;

import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.MANAGE;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.code.RequestCode.*;

import io.escrowmq.broker.consumer.ClientRegistry;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.LostMessages;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.Traffic;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.broker.topic.TopicHandler;
import io.escrowmq.broker.topic.TopicQueries;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.AllTopicConfigHeader;
import io.escrowmq.remoting.header.BrokerStatsHeader;
import io.escrowmq.remoting.header.QueryConsumeQueueHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.queue.ConsumeQueues;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.IntSupplier;

/** What operators may ask about topics and about the broker as a whole, and who answers. */
public final class AdminRequests {

  /**
   * What the handlers are built from.
   *
   * @param brokerName as it stands in routes
   * @param brokerAddress "ip:port", as it is registered
   * @param config names and values that do not change while the broker runs, as operators see them
   * @param zone whose midnights part the days of the statistics
   */
  public record Parts(
      String brokerName,
      String cluster,
      String brokerAddress,
      Map<String, String> config,
      TopicCatalog topics,
      TopicChanges topicChanges,
      ConsumeQueues queues,
      ClientRegistry clients,
      CommitLog log,
      LogLoop loop,
      RetentionDuty retention,
      Traffic traffic,
      IntSupplier waitingPulls,
      IntSupplier delayedMessages,
      UnreadableMessages unreadable,
      LostMessages lost,
      FileSystem files,
      Path storeDirectory,
      InstantSource clock,
      Ticker ticker,
      ZoneId zone) {}

  private static final long SAMPLE_MILLIS = 1000;

  private final Parts parts;
  private final TrafficHistory history;
  private final StatsHandler stats;
  private long nextSampleTick; // who ticks owns it

  public AdminRequests(Parts parts) {
    this.parts = parts;
    this.history =
        new TrafficHistory(parts.traffic(), parts.zone(), parts.clock().millis(), parts.ticker());
    this.stats = new StatsHandler(parts.cluster(), parts.traffic(), parts.ticker());
  }

  /** Samples the counters, once a second. Call it some times a second, from one thread. */
  public void onTick() {
    long tick = parts.ticker().millis();
    if (tick >= nextSampleTick) {
      nextSampleTick = tick + SAMPLE_MILLIS;
      history.sample(parts.clock().millis());
      stats.onTick(tick);
    }
  }

  public RequestTable table() {
    return topics().and(broker());
  }

  private RequestTable topics() {
    TopicHandler handler = new TopicHandler(parts.topics(), parts.topicChanges());
    TopicQueries queries = new TopicQueries(
        parts.topics(), parts.queues(), parts.brokerName(), parts.brokerAddress(), stats::putRate);
    return RequestTable.of(
        on(UPDATE_AND_CREATE_TOPIC, UpdateTopicHeader.FIELDS, MANAGE, handler::put),
        on(UPDATE_AND_CREATE_TOPIC_LIST, HeaderReader.RAW, MANAGE, handler::putAll),
        on(DELETE_TOPIC_IN_BROKER, TopicHeader.FIELDS, MANAGE, handler::delete),
        on(GET_TOPIC_CONFIG, TopicHeader.FIELDS, INSPECT, queries::one),
        on(GET_ALL_TOPIC_CONFIG, AllTopicConfigHeader.FIELDS, INSPECT, queries::all),
        on(GET_TOPIC_STATS_INFO, TopicHeader.FIELDS, INSPECT, queries::stats),
        on(GET_SYSTEM_TOPIC_LIST_FROM_BROKER, HeaderReader.RAW, INSPECT, queries::system));
  }

  private RequestTable broker() {
    RuntimeHandler runtime = new RuntimeHandler(parts, history);
    ConfigHandler config = new ConfigHandler(parts.config(), parts.retention(), parts.clock());
    HousekeepingHandler housekeeping = new HousekeepingHandler(parts.loop(), parts.retention());
    QueueIndexHandler index =
        new QueueIndexHandler(parts.topics(), parts.queues(), parts.clients());
    return RequestTable.of(
        on(GET_BROKER_RUNTIME_INFO, HeaderReader.RAW, INSPECT, runtime::table),
        on(GET_BROKER_CONFIG, HeaderReader.RAW, INSPECT, config::show),
        on(UPDATE_BROKER_CONFIG, HeaderReader.RAW, MANAGE, config::update),
        on(VIEW_BROKER_STATS_DATA, BrokerStatsHeader.FIELDS, INSPECT, stats::view),
        on(QUERY_CONSUME_QUEUE, QueryConsumeQueueHeader.FIELDS, INSPECT, index::entries),
        on(CLEAN_EXPIRED_CONSUMEQUEUE, HeaderReader.RAW, MANAGE, housekeeping::deleteExpired),
        on(DELETE_EXPIRED_COMMITLOG, HeaderReader.RAW, MANAGE, housekeeping::deleteExpired),
        on(CLEAN_UNUSED_TOPIC, HeaderReader.RAW, MANAGE, housekeeping::cleanUnusedTopics),
        on(GET_ALL_DELAY_OFFSET, HeaderReader.RAW, INSPECT, housekeeping::delayOffsets));
  }
}
