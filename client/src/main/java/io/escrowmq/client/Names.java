package io.escrowmq.client;

import io.escrowmq.remoting.message.GroupNames;

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
}
