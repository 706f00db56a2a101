package io.escrowmq.client;

import io.escrowmq.remoting.message.GroupNames;
import io.escrowmq.remoting.message.TopicNames;

/** Refuses names that no broker would take. */
final class Names {

  private Names() {}

  static String group(String name) {
    String refusal = GroupNames.refusal(name);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    return name;
  }

  static String topic(String name) {
    String refusal = TopicNames.refusal(name);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    return name;
  }
}
