package io.escrowmq.broker;

import io.escrowmq.broker.admin.Statistics;
import io.escrowmq.broker.consumer.ClientRegistry;
import io.escrowmq.broker.consumer.QueueLocks;
import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.topic.TopicRoutes;
import io.escrowmq.broker.tx.Producers;
import io.escrowmq.runtime.Surroundings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.Map;

/**
 * What of a broker outlives its core: its name, who is connected to it, and what it counts. What a core
 * hears of it, only the one that was made last does: nothing here, and no connection, keeps an older one.
 *
 * @param advertised the address that clients are told
 * @param config names and values that do not change while the broker runs, as operators see them
 * @param routes those who tell name servers which topics there are
 */
record BrokerHost(
    BrokerIdentity identity,
    InetSocketAddress advertised,
    Map<String, String> config,
    ClientRegistry clients,
    Producers producers,
    QueueLocks locks,
    Statistics statistics,
    MetricRegistry metrics,
    TopicRoutes routes) {

  /**
   * A host that nobody is connected to yet.
   *
   * @param bound where it listens
   * @param heap of which clients may take a part
   * @throws IllegalArgumentException when no client could reach the address that it would be told
   */
  static BrokerHost of(
      BrokerSettings settings,
      InetSocketAddress bound,
      TopicRoutes routes,
      Statistics statistics,
      HeapBudget heap) {
    InetSocketAddress advertised = AdvertisedAddress.of(settings.advertise(), bound);
    return of(settings, bound, advertised, routes, statistics, heap);
  }

  private static BrokerHost of(
      BrokerSettings settings,
      InetSocketAddress bound,
      InetSocketAddress advertised,
      TopicRoutes routes,
      Statistics statistics,
      HeapBudget heap) {
    MetricRegistry metrics = new MetricRegistry();
    metrics.counter(
        "escrowmq_sends_repeated_total",
        "Sends that came again and were answered with the message that was there.",
        statistics.traffic()::sendsRepeated);
    metrics.counter(
        "escrowmq_pulls_beyond_end_total",
        "Pulls at an offset behind the end of their queue; see group.offset-beyond-end.",
        statistics.traffic()::pullsBeyondEnd);
    ClientRegistry clients = new ClientRegistry(heap);
    return new BrokerHost(
        identity(settings, advertised),
        advertised,
        ShownSettings.of(settings, bound, advertised),
        clients,
        new Producers(clients),
        new QueueLocks(),
        statistics,
        metrics,
        routes);
  }

  /** For a core that serves nobody: no name of its network need be known where it is opened. */
  static BrokerHost ofNobody(BrokerSettings settings, Surroundings surroundings, HeapBudget heap) {
    InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Statistics statistics = statistics(settings, surroundings);
    return of(settings, nowhere, nowhere, TopicRoutes.NONE, statistics, heap);
  }

  /** What a broker counts, by the days of this machine. */
  static Statistics statistics(BrokerSettings settings, Surroundings surroundings) {
    return new Statistics(settings.cluster(), ZoneId.systemDefault(), surroundings);
  }

  /** What a broker is to others that tells clients this address. */
  static BrokerIdentity identity(BrokerSettings settings, InetSocketAddress advertised) {
    return new BrokerIdentity(
        settings.name(), settings.cluster(), AdvertisedAddress.text(advertised), 0);
  }
}
