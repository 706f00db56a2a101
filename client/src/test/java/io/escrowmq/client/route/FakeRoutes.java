package io.escrowmq.client.route;

import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.BrokerEntry;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What name servers say in tests: topics, each on some brokers, whose addresses are "NAME:1". */
public final class FakeRoutes {

  public static final Duration POLL_EVERY = Duration.ofSeconds(30);

  private final Map<String, TopicRoute> topics = new HashMap<>();
  private final NameServers nameServers;

  public FakeRoutes(FakeNetwork network) {
    network.answering(
        RequestCode.GET_ROUTEINFO_BY_TOPIC, sent -> route(sent.fields().get("topic")));
    nameServers = new NameServers(network, List.of("names:1"), Duration.ofSeconds(3));
  }

  private Answer route(String topic) {
    TopicRoute known = topics.get(topic);
    return known == null
        ? FakeNetwork.refused(ResponseCode.TOPIC_NOT_EXIST)
        : FakeNetwork.ok(WireHeader.NONE, known.toBytes());
  }

  /** So many queues on each of these brokers. */
  public FakeRoutes with(String topic, int queues, String... brokers) {
    return with(topic, queues, 6, brokers);
  }

  /** The same with a permission: 4 reads, 2 writes. */
  public FakeRoutes with(String topic, int queues, int permission, String... brokers) {
    topics.put(
        topic,
        new TopicRoute(
            Stream.of(brokers)
                .map(name -> new QueueEntry(name, queues, queues, permission, 0))
                .toList(),
            Stream.of(brokers)
                .map(name -> new BrokerEntry("c", name, Map.of(0L, name + ":1"), false))
                .toList(),
            null));
    return this;
  }

  public FakeRoutes without(String topic) {
    topics.remove(topic);
    return this;
  }

  /** A broker that has a slave besides, at "NAME:2". */
  public FakeRoutes withSlave(String topic, String broker) {
    topics.put(
        topic,
        new TopicRoute(
            List.of(new QueueEntry(broker, 1, 1, 6, 0)),
            List.of(
                new BrokerEntry("c", broker, Map.of(0L, broker + ":1", 1L, broker + ":2"), false)),
            null));
    return this;
  }

  public Routes routes(Timer timer) {
    return new Routes(nameServers, timer, POLL_EVERY);
  }
}
