package io.escrowmq.namesrv.route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How many more topics a route book takes, and which. A question about one moment; changes nothing.
 *
 * @param topics those of all brokers together
 * @param entries the same, where the same topic of two brokers is two
 * @param present those of the broker that is asked about
 */
record TopicRoom(
    RouteLimits limits, SortedTree<TopicBrokers> topics, int entries, Set<String> present) {

  /** May the broker have these topics, too? */
  RegistrationRuling forMore(Set<String> names) {
    if ((long) present.size() + names.size() <= limits.topicsOfBroker()
        && isRoomFor(names.size())) {
      return RegistrationRuling.ACCEPTED; // even if all of them were new
    }
    long newToBroker = names.stream().filter(name -> !present.contains(name)).count();
    if (present.size() + newToBroker > limits.topicsOfBroker()) {
      return RegistrationRuling.TOO_MANY_TOPICS_OF_BROKER;
    }
    long newToAll = names.stream().filter(name -> topics.find(name) == null).count();
    return topics.size() + newToAll > limits.topics() || entries + newToBroker > limits.entries()
        ? RegistrationRuling.TOO_MANY_TOPICS
        : RegistrationRuling.ACCEPTED;
  }

  /** As {@link RouteBook#fitting}. */
  Registration fitting(Registration registration) {
    Map<String, TopicQueues> wanted = registration.topics();
    long staying = registration.all() ? 0 : present.size();
    if (staying + wanted.size() <= limits.topicsOfBroker() && isRoomFor(wanted.size())) {
      return registration; // even if all of them were new
    }
    List<String> goingAway = registration.all()
        ? present.stream().filter(name -> !wanted.containsKey(name)).toList()
        : List.of();
    long roomOfBroker = goingAway.size()
        + Math.min(
            (long) limits.topicsOfBroker() - present.size(), (long) limits.entries() - entries);
    long roomOfAll = (long) limits.topics()
        - topics.size()
        + goingAway.stream().filter(this::isAlone).count();
    Map<String, TopicQueues> fitting = new HashMap<>();
    for (String name : new TreeSet<>(wanted.keySet())) {
      boolean isNewToAll = topics.find(name) == null;
      if (!present.contains(name)) {
        if (roomOfBroker <= 0 || (isNewToAll && roomOfAll <= 0)) {
          continue;
        }
        roomOfBroker--;
        roomOfAll -= isNewToAll ? 1 : 0;
      }
      TopicQueues queues = wanted.get(name);
      if (queues != null) {
        fitting.put(name, queues);
      }
    }
    return registration.withOnly(fitting);
  }

  private boolean isRoomFor(int more) {
    return (long) topics.size() + more <= limits.topics()
        && (long) entries + more <= limits.entries();
  }

  private boolean isAlone(String topic) {
    TopicBrokers brokers = topics.find(topic);
    return brokers != null && brokers.entries().size() == 1;
  }
}
