package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.ConsumerGroup;
import io.escrowmq.broker.connected.Member;
import io.escrowmq.broker.connected.Subscription;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.ConnectionEntry;
import io.escrowmq.remoting.body.ConsumerConnections;
import io.escrowmq.remoting.body.ProducerConnections;
import io.escrowmq.remoting.body.ProducerTable;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.body.SubscriptionOfGroup;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import io.escrowmq.remoting.header.ProducerGroupHeader;
import io.escrowmq.remoting.header.SubscriptionByConsumerHeader;
import io.escrowmq.runtime.Ticker;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Operators look at who is connected, and at what they want. Any event loop. */
final class ConnectionHandler {

  private final ClientRegistry clients;
  private final InstantSource clock;
  private final Ticker ticker;

  ConnectionHandler(ClientRegistry clients, InstantSource clock, Ticker ticker) {
    this.clients = clients;
    this.clock = clock;
    this.ticker = ticker;
  }

  /** GET_CONSUMER_CONNECTION_LIST. */
  void consumers(Call call, ConsumerGroupHeader header) {
    ConsumerGroup online = clients.consumers(header.consumerGroup());
    if (online == null) {
      call.reply(RefusalPage.reply(new Refusal.ConsumersAway(header.consumerGroup())));
      return;
    }
    Map<String, SubscriptionEntry> subscriptions = new TreeMap<>();
    online.subscriptions().forEach((topic, wanted) -> subscriptions.put(topic, wanted.entry()));
    call.reply(Reply.ok(new ConsumerConnections(
            online.members().values().stream().map(ConnectionHandler::entry).toList(),
            online.profile().consumeType(),
            online.profile().messageModel(),
            online.profile().consumeFrom(),
            subscriptions)
        .toBytes()));
  }

  /** GET_PRODUCER_CONNECTION_LIST. */
  void producers(Call call, ProducerGroupHeader header) {
    List<Member> online = clients.producers(header.producerGroup());
    call.reply(
        online.isEmpty()
            ? RefusalPage.reply(new Refusal.NoProducers(header.producerGroup()))
            : Reply.ok(new ProducerConnections(
                    online.stream().map(ConnectionHandler::entry).toList())
                .toBytes()));
  }

  /** GET_ALL_PRODUCER_INFO. */
  void allProducers(Call call, Fields none) {
    Map<String, List<ProducerTable.Producer>> groups = new TreeMap<>();
    for (String group : clients.producerGroups()) {
      groups.put(group, clients.producers(group).stream().map(this::producer).toList());
    }
    call.reply(Reply.ok(new ProducerTable(groups).toBytes()));
  }

  /** QUERY_SUBSCRIPTION_BY_CONSUMER. */
  void subscription(Call call, SubscriptionByConsumerHeader header) {
    String topic = header.topic() == null ? "" : header.topic();
    Subscription wanted = clients.subscription(header.group(), topic);
    call.reply(
        wanted == null
            ? RefusalPage.reply(new Refusal.NoSubscription(header.group(), topic))
            : Reply.ok(new SubscriptionOfGroup(header.group(), wanted.entry()).toBytes()));
  }

  private static ConnectionEntry entry(Member member) {
    return new ConnectionEntry(
        member.clientId(), address(member), member.language(), member.version());
  }

  private ProducerTable.Producer producer(Member member) {
    return new ProducerTable.Producer(
        member.clientId(),
        address(member),
        member.language(),
        member.version(),
        clock.millis() - (ticker.millis() - member.seenTick()));
  }

  private static String address(Member member) {
    InetSocketAddress remote = member.connection().remoteAddress();
    return remote.getAddress() == null
        ? remote.getHostString() + ":" + remote.getPort()
        : remote.getAddress().getHostAddress() + ":" + remote.getPort();
  }
}
