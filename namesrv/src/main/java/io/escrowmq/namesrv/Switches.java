package io.escrowmq.namesrv;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator may change while the name server runs, under the names that RocketMQ gave
 * these options. Immutable; the route loop swaps it. Forgotten at a restart.
 *
 * <p>This list is all there is: an update reaches no path, no class and no command (field.md 3.4,
 * CVE-2023-37582), and nothing that is not a plain yes or no.
 *
 * @param orderTopics whether routes tell the configured queues of ordered topics
 * @param allTopicList whether the list of all topics may be asked for
 * @param topicLists whether lists of some topics (of a cluster, of units) may be asked for
 */
record Switches(boolean orderTopics, boolean allTopicList, boolean topicLists) {

  private static final String ORDER_TOPICS = "orderMessageEnable";
  private static final String ALL_TOPIC_LIST = "enableAllTopicList";
  private static final String TOPIC_LISTS = "enableTopicList";

  /** Options of a RocketMQ name server that reach its file system; forbidden there, too. */
  private static final Set<String> FORBIDDEN =
      Set.of("configBlackList", "configStorePath", "kvConfigPath", "rocketmqHome");

  static boolean isForbidden(String name) {
    return FORBIDDEN.contains(name);
  }

  /** The options as they are, in the order of their names. */
  Map<String, String> toMap() {
    return new TreeMap<>(Map.of(
        ORDER_TOPICS, String.valueOf(orderTopics),
        ALL_TOPIC_LIST, String.valueOf(allTopicList),
        TOPIC_LISTS, String.valueOf(topicLists)));
  }

  /** A sentence that says why this cannot be set; null when it can. */
  @Nullable
  String refusal(String name, String value) {
    if (!toMap().containsKey(name)) {
      return "'" + NameRules.shown(name) + "' cannot be changed while the name server runs; only "
          + String.join(", ", toMap().keySet()) + " can";
    }
    return value.equals("true") || value.equals("false")
        ? null
        : "'" + name + "' is true or false, not '" + NameRules.shown(value) + "'";
  }

  Switches with(String name, boolean value) {
    return new Switches(
        name.equals(ORDER_TOPICS) ? value : orderTopics,
        name.equals(ALL_TOPIC_LIST) ? value : allTopicList,
        name.equals(TOPIC_LISTS) ? value : topicLists);
  }
}
