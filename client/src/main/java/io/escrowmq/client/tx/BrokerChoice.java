package io.escrowmq.client.tx;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.route.Route;
import io.escrowmq.client.route.Routes;
import io.escrowmq.client.send.Sender;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which broker a transaction should send to, so that one decision makes all of its messages visible:
 * the next in turn of those that serve most of the topics that this group's transactions use. Any
 * thread.
 */
final class BrokerChoice {

  private static final int MOST_TOPICS = 64; // that are remembered

  private final Sender sender;
  private final Routes routes;
  private final Set<String> topics = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();

  BrokerChoice(Sender sender, Routes routes) {
    this.sender = sender;
    this.routes = routes;
  }

  /** The group's transactions use this topic too. */
  void remember(String topic) {
    if (topics.size() < MOST_TOPICS) {
      topics.add(topic);
    }
  }

  /** The broker for a transaction that begins with this topic; none when no route is known yet. */
  Set<String> next(String topic) {
    return next(Set.of(topic), topics);
  }

  /** The broker for a transaction with messages to all of these topics. */
  Set<String> next(Collection<String> all) {
    return next(all, all);
  }

  private Set<String> next(Collection<String> needed, Collection<String> wanted) {
    Map<String, Integer> served = new TreeMap<>(); // broker name to topics
    for (String topic : wanted) {
      Route route = routes.known(topic);
      if (route != null) {
        int weight = needed.contains(topic) ? MOST_TOPICS : 1;
        route.writable().stream()
            .map(TopicQueue::brokerName)
            .distinct()
            .filter(broker -> !sender.isAvoided(broker))
            .forEach(broker -> served.merge(broker, weight, Integer::sum));
      }
    }
    int most = served.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    served.values().removeIf(count -> count < most);
    return served.isEmpty()
        ? Set.of()
        : Set.of(served.keySet().stream()
            .skip(Math.floorMod(turn.getAndIncrement(), served.size()))
            .findFirst()
            .orElseThrow());
  }
}
