package io.escrowmq.client.send;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which queue a message goes to: the next in turn, but not on a broker that has just failed; or the
 * one that its ordering key settles. Any thread.
 */
final class QueueChoice {

  /** How long others are preferred to a broker that has failed. */
  private static final Duration AVOIDED_FOR = Duration.ofSeconds(2);

  private final Timer timer;
  private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>(); // by topic
  private final Map<String, Long> avoidedUntil = new ConcurrentHashMap<>(); // by broker name

  QueueChoice(Timer timer) {
    this.timer = timer;
  }

  /** The queue of this key; the same for RocketMQ's selector by hash. Null without queues. */
  static @Nullable TopicQueue of(Route route, String orderingKey) {
    List<TopicQueue> queues = route.writable();
    return queues.isEmpty() ? null : queues.get(Math.abs(orderingKey.hashCode() % queues.size()));
  }

  /**
   * The next queue, on another broker than the one named, if there is another.
   *
   * @param preferred names of brokers that come first; others are taken when none of these can be
   * @return null when the topic has no queue to send to
   */
  @Nullable
  TopicQueue next(Route route, Set<String> preferred, @Nullable String notOn) {
    List<TopicQueue> queues = route.writable();
    int size = queues.size();
    if (size == 0) {
      return null;
    }
    int first = Math.floorMod(
        turns.computeIfAbsent(route.topic(), topic -> new AtomicInteger()).getAndIncrement(), size);
    if (preferred.isEmpty() && notOn == null && avoidedUntil.isEmpty()) {
      return queues.get(first);
    }
    TopicQueue best = queues.get(first);
    int bestRank = Integer.MAX_VALUE;
    for (int i = 0; i < size && bestRank > 0; i++) {
      TopicQueue queue = queues.get((first + i) % size);
      int rank = rank(queue.brokerName(), preferred, notOn);
      if (rank < bestRank) {
        best = queue;
        bestRank = rank;
      }
    }
    return best;
  }

  /** How bad a broker is; 0 is as good as can be. */
  private int rank(String broker, Set<String> preferred, @Nullable String notOn) {
    if (broker.equals(notOn)) {
      return 3;
    }
    if (isAvoided(broker)) {
      return 2;
    }
    return preferred.isEmpty() || preferred.contains(broker) ? 0 : 1;
  }

  /** Whether the topic has a queue on another broker than the one named. */
  static boolean hasOther(Route route, String brokerName) {
    for (TopicQueue queue : route.writable()) {
      if (!queue.brokerName().equals(brokerName)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the topic has a queue on another broker, which has not just failed. */
  boolean hasBetter(Route route, String brokerName) {
    for (TopicQueue queue : route.writable()) {
      if (!queue.brokerName().equals(brokerName) && !isAvoided(queue.brokerName())) {
        return true;
      }
    }
    return false;
  }

  void avoid(String brokerName) {
    avoidedUntil.put(brokerName, timer.nanoTime() + AVOIDED_FOR.toNanos());
  }

  boolean isAvoided(String brokerName) {
    Long until = avoidedUntil.get(brokerName);
    if (until == null) {
      return false;
    }
    if (timer.nanoTime() - until < 0) {
      return true;
    }
    avoidedUntil.remove(brokerName, until);
    return false;
  }
}
