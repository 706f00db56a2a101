package io.escrowmq.namesrv.route;

import io.escrowmq.remoting.body.BrokerEntry;
import io.escrowmq.remoting.body.ClusterTable;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pieces of the image as the bodies of answers. */
final class RouteBodies {

  private RouteBodies() {}

  static TopicRoute route(
      List<TopicBrokers.Entry> entries,
      SortedMap<String, BrokerGroup> groups,
      @Nullable String orderTopicConf) {
    List<QueueEntry> queues = new ArrayList<>(entries.size());
    List<BrokerEntry> brokers = new ArrayList<>(entries.size());
    for (TopicBrokers.Entry entry : entries) {
      TopicQueues offered = entry.queues();
      queues.add(new QueueEntry(
          entry.brokerName(),
          offered.readQueues(),
          offered.writeQueues(),
          offered.perm(),
          offered.sysFlag()));
      BrokerGroup group = groups.get(entry.brokerName());
      if (group != null) {
        brokers.add(entry(group));
      }
    }
    return new TopicRoute(queues, brokers, orderTopicConf);
  }

  static ClusterTable clusters(RouteImage image) {
    Map<String, BrokerEntry> brokers = new TreeMap<>();
    for (BrokerGroup group : image.groups()) {
      brokers.put(group.brokerName(), entry(group));
    }
    Map<String, List<String>> clusters = new TreeMap<>();
    image.clusters().forEach((name, members) -> clusters.put(name, List.copyOf(members)));
    return new ClusterTable(brokers, clusters);
  }

  private static BrokerEntry entry(BrokerGroup group) {
    return new BrokerEntry(
        group.cluster(), group.brokerName(), group.addresses(), group.enableActingMaster());
  }
}
