package io.escrowmq.client.route;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.remoting.body.BrokerEntry;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a topic's queues are. Immutable.
 *
 * @param writable queues that may be sent to, whose master is known, in the order of brokers and ids
 * @param readable queues that may be consumed, in the same order
 * @param brokers broker name to broker id to "host:port"; id 0 is the master
 * @param assumed the topic is not there yet: its first message will create it
 */
public record Route(
    String topic,
    List<TopicQueue> writable,
    List<TopicQueue> readable,
    Map<String, Map<Long, String>> brokers,
    boolean assumed) {

  static final long MASTER = 0;
  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int MOST_ASSUMED_QUEUES = 4; // what the protocol's clients ask for

  static Route of(String topic, TopicRoute wire) {
    return of(topic, wire, Integer.MAX_VALUE, false);
  }

  /** The route that the topic will have when its first message has created it like the template. */
  static Route assumed(String topic, TopicRoute template) {
    return of(topic, template, MOST_ASSUMED_QUEUES, true);
  }

  /** All brokers of a cluster, by their names. */
  static Route ofCluster(Map<String, BrokerEntry> entries) {
    Map<String, Map<Long, String>> brokers = new HashMap<>();
    entries.forEach((name, broker) -> brokers.put(name, Map.copyOf(broker.addresses())));
    return new Route("", List.of(), List.of(), Map.copyOf(brokers), false);
  }

  private static Route of(String topic, TopicRoute wire, int mostQueues, boolean assumed) {
    Map<String, Map<Long, String>> brokers = new HashMap<>();
    for (BrokerEntry broker : wire.brokers()) {
      brokers.put(broker.brokerName(), Map.copyOf(broker.addresses()));
    }
    List<TopicQueue> writable = new ArrayList<>();
    List<TopicQueue> readable = new ArrayList<>();
    List<QueueEntry> entries = new ArrayList<>(wire.queues());
    entries.sort(Comparator.comparing(QueueEntry::brokerName));
    for (QueueEntry entry : entries) {
      Map<Long, String> addresses = brokers.getOrDefault(entry.brokerName(), Map.of());
      if ((entry.permission() & WRITE) != 0 && addresses.containsKey(MASTER)) {
        addQueues(writable, topic, entry.brokerName(), Math.min(entry.writeQueues(), mostQueues));
      }
      if ((entry.permission() & READ) != 0 && !addresses.isEmpty()) {
        addQueues(readable, topic, entry.brokerName(), Math.min(entry.readQueues(), mostQueues));
      }
    }
    return new Route(
        topic, List.copyOf(writable), List.copyOf(readable), Map.copyOf(brokers), assumed);
  }

  /** The address of the master of this name; null when there is none. */
  public @Nullable String master(String brokerName) {
    return brokers.getOrDefault(brokerName, Map.of()).get(MASTER);
  }

  private static void addQueues(List<TopicQueue> queues, String topic, String broker, int count) {
    for (int id = 0; id < count; id++) {
      queues.add(new TopicQueue(topic, broker, id));
    }
  }
}
