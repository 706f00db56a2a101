package io.escrowmq.broker.consumer;

import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.code.RequestCode.*;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.send.MessageForge;
import io.escrowmq.broker.send.MessageIntake;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.AllGroupConfigHeader;
import io.escrowmq.remoting.header.BrokerConsumeStatsHeader;
import io.escrowmq.remoting.header.CloneOffsetHeader;
import io.escrowmq.remoting.header.ConsumeDirectlyHeader;
import io.escrowmq.remoting.header.ConsumeStatsHeader;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import io.escrowmq.remoting.header.ConsumerRunningHeader;
import io.escrowmq.remoting.header.ConsumerStatusHeader;
import io.escrowmq.remoting.header.CorrectionOffsetHeader;
import io.escrowmq.remoting.header.DeleteGroupHeader;
import io.escrowmq.remoting.header.GroupForbiddenHeader;
import io.escrowmq.remoting.header.GroupHeader;
import io.escrowmq.remoting.header.ProducerGroupHeader;
import io.escrowmq.remoting.header.QueryConsumerOffsetHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import io.escrowmq.remoting.header.SendBackHeader;
import io.escrowmq.remoting.header.SubscriptionByConsumerHeader;
import io.escrowmq.remoting.header.TopicAndGroupHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.UnregisterClientHeader;
import io.escrowmq.remoting.header.UpdateConsumerOffsetHeader;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueues;

/** What clients and operators may ask about clients and consumer groups, and who answers. */
public final class ConsumerRequests {

  /**
   * What the handlers are built from.
   *
   * @param brokerName as it stands in routes
   * @param brokerAddress "ip:port", as it is registered
   */
  public record Parts(
      String brokerName,
      String brokerAddress,
      TopicCatalog topics,
      TopicChanges topicChanges,
      GroupCatalog groups,
      GroupCreation creation,
      ConsumerOffsets offsets,
      DeletedTopics deleted,
      ClientRegistry clients,
      QueueLocks locks,
      ConsumeQueues queues,
      CommitLog log,
      LogLoop loop,
      MessageSource messages,
      MessageForge forge,
      MessageIntake intake,
      Surroundings surroundings) {}

  private final Parts parts;
  private final MemberNotices notices;

  public ConsumerRequests(Parts parts) {
    this.parts = parts;
    this.notices = new MemberNotices(parts.groups(), parts.clients());
  }

  /** Lets go of silent clients and of locks that nobody renews. Every ten seconds or so; any thread. */
  public void onTick() {
    long tick = parts.surroundings().ticker().millis();
    notices.send(parts.clients().dropSilent(tick));
    parts.locks().dropExpired(tick);
  }

  public RequestTable table() {
    return clients().and(offsets()).and(groups()).and(stats()).and(forwarded());
  }

  private RequestTable clients() {
    ClientHandler clients = new ClientHandler(
        parts.clients(),
        parts.creation(),
        notices,
        parts.topicChanges(),
        parts.locks(),
        parts.loop(),
        parts.surroundings().ticker());
    ConnectionHandler connections = new ConnectionHandler(
        parts.clients(), parts.surroundings().clock(), parts.surroundings().ticker());
    LockHandler locks =
        new LockHandler(parts.locks(), parts.topics(), parts.surroundings().ticker());
    return RequestTable.of(
        on(HEART_BEAT, HeaderReader.RAW, Permission.CONNECT, clients::heartbeat),
        on(
            UNREGISTER_CLIENT,
            UnregisterClientHeader.FIELDS,
            Permission.CONNECT,
            clients::unregister),
        on(CHECK_CLIENT_CONFIG, HeaderReader.RAW, Permission.READ, clients::check),
        on(
            GET_CONSUMER_LIST_BY_GROUP,
            ConsumerGroupHeader.FIELDS,
            Permission.READ,
            clients::members),
        on(LOCK_BATCH_MQ, HeaderReader.RAW, Permission.READ, locks::lock),
        on(UNLOCK_BATCH_MQ, HeaderReader.RAW, Permission.READ, locks::unlock),
        on(
            GET_CONSUMER_CONNECTION_LIST,
            ConsumerGroupHeader.FIELDS,
            Permission.INSPECT,
            connections::consumers),
        on(
            GET_PRODUCER_CONNECTION_LIST,
            ProducerGroupHeader.FIELDS,
            Permission.INSPECT,
            connections::producers),
        on(GET_ALL_PRODUCER_INFO, HeaderReader.RAW, Permission.INSPECT, connections::allProducers),
        on(
            QUERY_SUBSCRIPTION_BY_CONSUMER,
            SubscriptionByConsumerHeader.FIELDS,
            Permission.INSPECT,
            connections::subscription));
  }

  private RequestTable offsets() {
    OffsetHandler offsets = new OffsetHandler(
        parts.groups(),
        parts.topics(),
        parts.offsets(),
        parts.deleted(),
        parts.clients(),
        parts.queues(),
        parts.log());
    OffsetAdminHandler admin = new OffsetAdminHandler(
        parts.groups(),
        parts.topics(),
        parts.offsets(),
        parts.queues(),
        parts.loop(),
        parts.brokerName());
    SendBackHandler sendBack = new SendBackHandler(
        parts.creation(),
        parts.topics(),
        parts.messages(),
        parts.forge(),
        parts.intake(),
        parts.surroundings().clock(),
        parts.surroundings().chance());
    return RequestTable.of(
        on(
            QUERY_CONSUMER_OFFSET,
            QueryConsumerOffsetHeader.FIELDS,
            Permission.READ,
            offsets::query),
        on(
            UPDATE_CONSUMER_OFFSET,
            UpdateConsumerOffsetHeader.FIELDS,
            Permission.READ,
            offsets::update),
        on(CONSUMER_SEND_MSG_BACK, SendBackHeader.FIELDS, Permission.READ, sendBack::accept),
        on(
            INVOKE_BROKER_TO_RESET_OFFSET,
            ResetOffsetHeader.FIELDS,
            Permission.MANAGE,
            admin::reset),
        on(CLONE_GROUP_OFFSET, CloneOffsetHeader.FIELDS, Permission.MANAGE, admin::cloneOffsets),
        on(GET_ALL_CONSUMER_OFFSET, HeaderReader.RAW, Permission.INSPECT, admin::all),
        on(
            QUERY_CORRECTION_OFFSET,
            CorrectionOffsetHeader.FIELDS,
            Permission.INSPECT,
            admin::correction));
  }

  private RequestTable groups() {
    GroupHandler groups = new GroupHandler(parts.groups(), parts.topics(), parts.loop());
    GroupQueries queries = new GroupQueries(parts.groups(), parts.creation(), parts.loop());
    return RequestTable.of(
        on(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, HeaderReader.RAW, Permission.MANAGE, groups::put),
        on(
            UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
            HeaderReader.RAW,
            Permission.MANAGE,
            groups::putAll),
        on(DELETE_SUBSCRIPTIONGROUP, DeleteGroupHeader.FIELDS, Permission.MANAGE, groups::delete),
        on(
            GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
            AllGroupConfigHeader.FIELDS,
            Permission.INSPECT,
            queries::all),
        on(GET_SUBSCRIPTIONGROUP_CONFIG, GroupHeader.FIELDS, Permission.INSPECT, queries::one),
        on(
            UPDATE_AND_GET_GROUP_FORBIDDEN,
            GroupForbiddenHeader.FIELDS,
            Permission.MANAGE,
            groups::forbid));
  }

  private RequestTable stats() {
    ConsumeStatsHandler stats = new ConsumeStatsHandler(
        parts.topics(),
        parts.offsets(),
        parts.clients(),
        parts.queues(),
        parts.surroundings().clock(),
        parts.brokerName(),
        parts.brokerAddress());
    return RequestTable.of(
        on(GET_CONSUME_STATS, ConsumeStatsHeader.FIELDS, Permission.INSPECT, stats::group),
        on(
            GET_BROKER_CONSUME_STATS,
            BrokerConsumeStatsHeader.FIELDS,
            Permission.INSPECT,
            stats::broker),
        on(QUERY_TOPIC_CONSUME_BY_WHO, TopicHeader.FIELDS, Permission.INSPECT, stats::groupsOn),
        on(QUERY_TOPICS_BY_CONSUMER, GroupHeader.FIELDS, Permission.INSPECT, stats::topicsOf),
        on(
            QUERY_CONSUME_TIME_SPAN,
            TopicAndGroupHeader.FIELDS,
            Permission.INSPECT,
            stats::timeSpans));
  }

  private RequestTable forwarded() {
    ForwardHandler forward =
        new ForwardHandler(parts.clients(), parts.messages(), parts.brokerName());
    return RequestTable.of(
        on(
            GET_CONSUMER_RUNNING_INFO,
            ConsumerRunningHeader.FIELDS,
            Permission.INSPECT,
            forward::runningInfo),
        on(
            CONSUME_MESSAGE_DIRECTLY,
            ConsumeDirectlyHeader.FIELDS,
            Permission.MANAGE,
            forward::consumeDirectly),
        on(
            INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
            ConsumerStatusHeader.FIELDS,
            Permission.INSPECT,
            forward::status));
  }
}
