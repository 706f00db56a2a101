package io.escrowmq.broker.consumer;

import java.util.Map;
import java.util.Set;

/**
 * One consumer group's configuration. Immutable.
 *
 * @param consumeEnabled false: its pulls are refused
 * @param ordered its messages are to be consumed one by one a queue
 * @param retryQueues queues of its retry topic; 0 switches retries by the broker off
 * @param mostRetries a message that was tried again this often goes to the dead letter topic
 * @param brokerId where to pull from in general
 * @param brokerIdWhenSlow where to pull from when far behind
 * @param notifyMembers tell all members when one comes or goes
 * @param unreadableTopics topics that this group may not pull
 */
public record Group(
    String name,
    boolean consumeEnabled,
    boolean consumeFromMinEnabled,
    boolean broadcastEnabled,
    boolean ordered,
    int retryQueues,
    int mostRetries,
    long brokerId,
    long brokerIdWhenSlow,
    boolean notifyMembers,
    int sysFlag,
    int consumeTimeoutMinutes,
    Map<String, String> attributes,
    Set<String> unreadableTopics) {

  public Group {
    attributes = Map.copyOf(attributes);
    unreadableTopics = Set.copyOf(unreadableTopics);
  }

  /** What a group is like that nobody configured. */
  public static Group withDefaults(String name) {
    return new Group(name, true, true, true, false, 1, 16, 0, 1, true, 0, 15, Map.of(), Set.of());
  }

  /** How much memory it takes, about. */
  long bytes() {
    long bytes = 200L + name.length();
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      bytes += 100 + 2L * (attribute.getKey().length() + attribute.getValue().length());
    }
    for (String topic : unreadableTopics) {
      bytes += 100L + topic.length();
    }
    return bytes;
  }

  /** Whether this group may pull the topic. */
  public boolean mayRead(String topic) {
    return !unreadableTopics.contains(topic);
  }

  Group withAttributes(Map<String, String> others) {
    return with(others, unreadableTopics);
  }

  Group withUnreadable(Set<String> unreadable) {
    return with(attributes, unreadable);
  }

  private Group with(Map<String, String> otherAttributes, Set<String> otherTopics) {
    return new Group(
        name,
        consumeEnabled,
        consumeFromMinEnabled,
        broadcastEnabled,
        ordered,
        retryQueues,
        mostRetries,
        brokerId,
        brokerIdWhenSlow,
        notifyMembers,
        sysFlag,
        consumeTimeoutMinutes,
        otherAttributes,
        otherTopics);
  }
}
