package io.escrowmq.namesrv.route;

import io.escrowmq.remoting.body.ClusterTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The routes as they were at one moment. Immutable; the route loop swaps it by reference, event
 * loops read it.
 */
public final class RouteImage {

  /** What every answer depends on besides its topic; compared by identity. */
  record Surroundings(SortedMap<String, BrokerGroup> groups, Map<String, String> orderTopics) {}

  static final RouteImage EMPTY =
      new RouteImage(SortedTree.empty(), new Surroundings(new TreeMap<>(), Map.of()));

  private final SortedTree<TopicBrokers> topics;
  private final Surroundings surroundings;

  RouteImage(SortedTree<TopicBrokers> topics, Surroundings surroundings) {
    this.topics = topics;
    this.surroundings = surroundings;
  }

  /**
   * The topic's route as standard JSON, or null when no broker has it. Clients ask every 30 s for
   * every topic they know, so the bytes are kept until the topic or any broker's address changes.
   * The caller must not change them.
   */
  public byte @Nullable [] encodedRoute(String topic) {
    TopicBrokers route = topics.find(topic);
    if (route == null) {
      return null;
    }
    byte[] known = route.encodedIn(surroundings);
    if (known != null) {
      return known;
    }
    byte[] bytes = RouteBodies.route(
            route.entries(), surroundings.groups, surroundings.orderTopics.get(topic))
        .toBytes();
    route.remember(surroundings, bytes);
    return bytes;
  }

  /** Every group of brokers that is registered, by broker name. */
  public Collection<BrokerGroup> groups() {
    return surroundings.groups.values();
  }

  public @Nullable BrokerGroup group(String brokerName) {
    return surroundings.groups.get(brokerName);
  }

  /** Broker names by cluster. */
  public SortedMap<String, SortedSet<String>> clusters() {
    SortedMap<String, SortedSet<String>> clusters = new TreeMap<>();
    for (BrokerGroup group : groups()) {
      clusters.computeIfAbsent(group.cluster(), cluster -> new TreeSet<>()).add(group.brokerName());
    }
    return clusters;
  }

  /** Every broker, for an answer. */
  public ClusterTable clusterTable() {
    return RouteBodies.clusters(this);
  }

  public int topicCount() {
    return topics.size();
  }

  public List<String> topics() {
    return topics(route -> true);
  }

  /** Topics that some broker of the cluster has. */
  public List<String> topicsOfCluster(String cluster) {
    return topics(route -> {
      for (TopicBrokers.Entry entry : route.entries()) {
        BrokerGroup group = group(entry.brokerName());
        if (group != null && group.cluster().equals(cluster)) {
          return true;
        }
      }
      return false;
    });
  }

  public List<String> unitTopics() {
    return topics(route -> route.first().isUnit());
  }

  public List<String> unitSubscriptionTopics() {
    return topics(route -> route.first().isUnitSubscription());
  }

  public List<String> unitSubscriptionTopicsOutsideUnits() {
    return topics(route -> !route.first().isUnit() && route.first().isUnitSubscription());
  }

  private List<String> topics(Predicate<TopicBrokers> condition) {
    List<String> names = new ArrayList<>();
    topics.forEach((topic, route) -> {
      if (condition.test(route)) {
        names.add(topic);
      }
    });
    return names;
  }
}
