package io.escrowmq.broker.consumer;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.remoting.message.GroupNames;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a group may be like, whatever else there is. Pure. */
final class GroupLimits {

  /** Groups of one request. */
  static final int MOST_AT_ONCE = 1000;

  private static final int MOST_ATTRIBUTES = 64;
  private static final int LONGEST_ATTRIBUTE = 1024;

  private GroupLimits() {}

  /** Why nobody may ask for this; null when one may. */
  static @Nullable String refusal(GroupWish wish) {
    String illegal = GroupNames.refusal(wish.name());
    if (illegal != null) {
      return illegal;
    }
    int retryQueues = wish.settings().retryQueues();
    if (retryQueues < 0 || retryQueues > Topic.MOST_QUEUES) {
      return "retryQueueNums " + retryQueues + " must be 0 to " + Topic.MOST_QUEUES;
    }
    return attributesRefusal(wish.attributes());
  }

  /** Of a change, and of what comes of it: otherwise changes would add up to any size. */
  static @Nullable String attributesRefusal(Map<String, String> attributes) {
    if (attributes.size() > MOST_ATTRIBUTES) {
      return "the group has " + attributes.size() + " attributes, at most " + MOST_ATTRIBUTES
          + " are allowed; remove some with -name";
    }
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      int length = attribute.getKey().length() + attribute.getValue().length();
      if (length > LONGEST_ATTRIBUTE) {
        return "an attribute has " + length + " characters, at most " + LONGEST_ATTRIBUTE
            + " are allowed";
      }
    }
    return null;
  }
}
