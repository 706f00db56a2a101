package io.escrowmq.broker.admin;

import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.MANAGE;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.code.RequestCode.*;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.metrics.Statistics;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.BrokerStatsHeader;
import io.escrowmq.remoting.header.QueryConsumeQueueHeader;

/** What operators ask and change about the broker as a whole. */
public final class AdminFeature implements Feature {

  private final LogCore core;
  private final TopicCatalog topics;
  private final ClientRegistry clients;
  private final RetentionDuty retention;
  private final LiveSettings settings;
  private final Statistics statistics;
  private final StoreRoom room;
  private final Backlog backlog;

  public AdminFeature(
      LogCore core,
      TopicCatalog topics,
      ClientRegistry clients,
      RetentionDuty retention,
      LiveSettings settings,
      Statistics statistics,
      StoreRoom room,
      Backlog backlog) {
    this.core = core;
    this.topics = topics;
    this.clients = clients;
    this.retention = retention;
    this.settings = settings;
    this.statistics = statistics;
    this.room = room;
    this.backlog = backlog;
  }

  @Override
  public void onTick() {
    statistics.onTick();
  }

  @Override
  public void letGoOfTopic(String topic) {
    statistics.traffic().forgetTopic(topic);
  }

  @Override
  public void letGoOfGroup(String group) {
    statistics.traffic().forgetGroup(group);
  }

  @Override
  public RequestTable requests() {
    RuntimeHandler runtime = new RuntimeHandler(core, topics, statistics, room, backlog);
    ConfigHandler config = new ConfigHandler(settings);
    HousekeepingHandler housekeeping = new HousekeepingHandler(core.loop(), retention);
    QueueIndexHandler index = new QueueIndexHandler(topics, core.queues(), clients);
    StatsHandler stats = new StatsHandler(statistics.flows());
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
