package io.escrowmq.broker;

import io.escrowmq.broker.admin.LiveSettings;
import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.RetentionLimits;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.metrics.Statistics;
import io.escrowmq.broker.topic.TopicRoutes;
import io.escrowmq.broker.tx.Producers;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RequestCounts;
import io.escrowmq.runtime.Surroundings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What of a broker outlives its core: its name, who is connected to it, what it counts, and what operators
 * have changed. What a core hears of it, only the one that was made last does: nothing here, and no
 * connection, keeps an older one.
 *
 * @param advertised the address that clients are told
 * @param routes those who tell name servers which topics there are
 */
record BrokerHost(
    BrokerIdentity identity,
    InetSocketAddress advertised,
    LiveSettings settings,
    ClientRegistry clients,
    Producers producers,
    QueueLocks locks,
    Statistics statistics,
    UnreadableMessages unreadable,
    MetricRegistry metrics,
    TopicRoutes routes) {

  /**
   * A host that nobody is connected to yet.
   *
   * @param bound where it listens
   * @param zone whose midnights part the days of statistics
   * @param heap of which clients may take a part
   * @throws IllegalArgumentException when no client could reach the address that it would be told
   */
  static BrokerHost of(
      BrokerSettings settings,
      InetSocketAddress bound,
      TopicRoutes routes,
      ZoneId zone,
      Surroundings surroundings,
      HeapBudget heap) {
    InetSocketAddress advertised = AdvertisedAddress.of(settings.advertise(), bound);
    return of(settings, bound, advertised, routes, zone, surroundings, heap);
  }

  private static BrokerHost of(
      BrokerSettings settings,
      InetSocketAddress bound,
      InetSocketAddress advertised,
      TopicRoutes routes,
      ZoneId zone,
      Surroundings surroundings,
      HeapBudget heap) {
    Statistics statistics = new Statistics(settings.cluster(), zone, surroundings);
    MetricRegistry metrics = new MetricRegistry();
    metrics.counter(
        "escrowmq_sends_repeated_total",
        "Sends that came again and were answered with the message that was there.",
        statistics.traffic()::sendsRepeated);
    metrics.counter(
        "escrowmq_pulls_beyond_end_total",
        "Pulls at an offset behind the end of their queue; see group.offset-beyond-end.",
        statistics.traffic()::pullsBeyondEnd);
    UnreadableMessages unreadable = new UnreadableMessages(surroundings.clock());
    metrics.counter(
        "escrowmq_messages_unreadable_total",
        "Messages that cannot be delivered because their bytes are damaged or gone.",
        unreadable::count);
    registerRequests(metrics, statistics.requests());
    ClientRegistry clients = new ClientRegistry(heap);
    return new BrokerHost(
        identity(settings, advertised),
        advertised,
        new LiveSettings(
            ShownSettings.of(settings, bound, advertised),
            new RetentionLimits(settings.retentionSettings()),
            surroundings.clock()),
        clients,
        new Producers(clients),
        new QueueLocks(),
        statistics,
        unreadable,
        metrics,
        routes);
  }

  private static void registerRequests(MetricRegistry metrics, RequestCounts requests) {
    for (Permission permission : Permission.values()) {
      metrics.counter(
          "escrowmq_requests_" + permission.word() + "_total",
          "Requests that were handled and need the permission " + permission.word() + ".",
          () -> requests.handled(permission));
    }
    metrics.counter(
        "escrowmq_requests_refused_total",
        "Requests that their callers may not send.",
        requests::refusedRequests);
    metrics.counter(
        "escrowmq_requests_timed_total",
        "Requests whose handling was timed: one in " + RequestCounts.ONE_IN + ".",
        requests::timed);
    metrics.counter(
        "escrowmq_requests_timed_nanos_total",
        "What event loops took for the requests that were timed, in nanoseconds.",
        requests::nanos);
  }

  /** For a core that serves nobody: no name of its network need be known where it is opened. */
  static BrokerHost ofNobody(BrokerSettings settings, Surroundings surroundings, HeapBudget heap) {
    InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return of(settings, nowhere, nowhere, TopicRoutes.NONE, ZoneOffset.UTC, surroundings, heap);
  }

  /** What a broker is to others that tells clients this address. */
  static BrokerIdentity identity(BrokerSettings settings, InetSocketAddress advertised) {
    return new BrokerIdentity(
        settings.name(), settings.cluster(), AdvertisedAddress.text(advertised), 0);
  }
}
