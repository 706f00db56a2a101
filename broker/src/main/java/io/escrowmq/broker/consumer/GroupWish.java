package io.escrowmq.broker.consumer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants a group to be like. Immutable.
 *
 * @param settings without attributes, and without topics that it may not read
 * @param attributes to be set (with or without "+" before the name), or removed ("-name")
 */
record GroupWish(Group settings, Map<String, String> attributes) {

  String name() {
    return settings.name();
  }

  /** The group as it becomes. */
  Group after(@Nullable Group before) {
    Map<String, String> merged = new HashMap<>(before == null ? Map.of() : before.attributes());
    attributes.forEach((name, value) -> {
      if (name.startsWith("-")) {
        merged.remove(name.substring(1));
      } else {
        merged.put(name.startsWith("+") ? name.substring(1) : name, value);
      }
    });
    Set<String> unreadable = before == null ? Set.of() : before.unreadableTopics();
    return settings.withAttributes(merged).withUnreadable(unreadable);
  }
}
