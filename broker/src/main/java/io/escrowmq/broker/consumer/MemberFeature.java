package io.escrowmq.broker.consumer;

import static io.escrowmq.remoting.Permission.CONNECT;
import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.MANAGE;
import static io.escrowmq.remoting.Permission.READ;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.RequestTable.onAsking;
import static io.escrowmq.remoting.RequestTable.onBody;
import static io.escrowmq.remoting.code.RequestCode.*;

import io.escrowmq.broker.connected.ClientEvents;
import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.broker.visible.MessageSource;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.CheckClient;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.header.ConsumeDirectlyHeader;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import io.escrowmq.remoting.header.ConsumerRunningHeader;
import io.escrowmq.remoting.header.ConsumerStatusHeader;
import io.escrowmq.remoting.header.ProducerGroupHeader;
import io.escrowmq.remoting.header.SubscriptionByConsumerHeader;
import io.escrowmq.remoting.header.UnregisterClientHeader;
import io.escrowmq.runtime.Periodic;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import java.util.Set;

/** Connected clients: who is there, who has which queue, and what operators ask them. */
public final class MemberFeature implements Feature {

  private static final long EVERY_MILLIS = 10_000; // silent clients are dropped after minutes

  private final LogCore core;
  private final BrokerIdentity identity;
  private final TopicFeature topics;
  private final GroupFeature groups;
  private final ClientRegistry clients;
  private final QueueLocks locks;
  private final MessageSource messages;
  private final MemberNotices notices;
  private final Worker worker;

  /** @param messages by their place in the log, as everybody may see them */
  public MemberFeature(
      LogCore core,
      BrokerIdentity identity,
      TopicFeature topics,
      GroupFeature groups,
      ClientRegistry clients,
      QueueLocks locks,
      MessageSource messages) {
    this.core = core;
    this.identity = identity;
    this.topics = topics;
    this.groups = groups;
    this.clients = clients;
    this.locks = locks;
    this.messages = messages;
    this.notices = new MemberNotices(groups.catalog(), clients);
    this.worker = core.surroundings().worker("member-loop");
  }

  @Override
  public RequestTable requests() {
    Surroundings surroundings = core.surroundings();
    ClientHandler handler = new ClientHandler(new Members(
        clients,
        groups.creation(),
        notices,
        topics.changes(),
        locks,
        core.loop(),
        surroundings.ticker()));
    ConnectionHandler connections =
        new ConnectionHandler(clients, surroundings.clock(), surroundings.ticker());
    LockHandler queueLocks =
        new LockHandler(new LockRules(locks, topics.catalog(), surroundings.ticker()));
    ForwardHandler forward = new ForwardHandler(clients, messages, identity.name());
    return RequestTable.of(
        onBody(HEART_BEAT, Heartbeat::read, CONNECT, handler::heartbeat),
        on(UNREGISTER_CLIENT, UnregisterClientHeader.FIELDS, CONNECT, handler::unregister),
        onBody(CHECK_CLIENT_CONFIG, CheckClient::read, READ, handler::check),
        on(GET_CONSUMER_LIST_BY_GROUP, ConsumerGroupHeader.FIELDS, READ, handler::members),
        onBody(LOCK_BATCH_MQ, QueueLock::read, READ, queueLocks::lock),
        onBody(UNLOCK_BATCH_MQ, QueueLock::read, READ, queueLocks::unlock),
        on(
            GET_CONSUMER_CONNECTION_LIST,
            ConsumerGroupHeader.FIELDS,
            INSPECT,
            connections::consumers),
        on(
            GET_PRODUCER_CONNECTION_LIST,
            ProducerGroupHeader.FIELDS,
            INSPECT,
            connections::producers),
        on(GET_ALL_PRODUCER_INFO, HeaderReader.RAW, INSPECT, connections::allProducers),
        on(
            QUERY_SUBSCRIPTION_BY_CONSUMER,
            SubscriptionByConsumerHeader.FIELDS,
            INSPECT,
            connections::subscription),
        on(GET_CONSUMER_RUNNING_INFO, ConsumerRunningHeader.FIELDS, INSPECT, forward::runningInfo),
        onAsking(
            CONSUME_MESSAGE_DIRECTLY,
            ConsumeDirectlyHeader.FIELDS,
            MANAGE,
            forward::consumeDirectly),
        on(
            INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
            ConsumerStatusHeader.FIELDS,
            INSPECT,
            forward::status));
  }

  @Override
  public Set<String> readersOf(String topic) {
    return clients.groupsOn(topic);
  }

  @Override
  public void letGoOfTopic(String topic) {
    locks.forgetTopic(topic);
  }

  @Override
  public void letGoOfGroup(String group) {
    locks.forgetGroup(group);
  }

  /** Who tells members of others that have left, from the start on. */
  ClientEvents.Listener notices() {
    return notices;
  }

  @Override
  public void start() {
    clients.events().add(notices);
    worker.start(
        new Periodic(this::dropSilent, EVERY_MILLIS, core.surroundings().ticker()));
  }

  @Override
  public void stop() {
    clients.events().remove(notices);
    worker.close();
  }

  /** Lets go of silent clients and of locks that nobody renews. */
  void dropSilent() {
    long tick = core.surroundings().ticker().millis();
    notices.send(clients.dropSilent(tick));
    locks.dropExpired(tick);
  }
}
