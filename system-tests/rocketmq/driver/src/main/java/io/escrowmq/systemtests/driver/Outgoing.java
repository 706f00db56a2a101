package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * A message to be sent. Immutable.
 *
 * @param tags empty for none
 * @param keys blank-separated; empty for none
 * @param body one byte a character, 0 to 255
 * @param delayLevel 1 to 18; 0 for none
 */
public record Outgoing(
    String topic,
    String tags,
    String keys,
    String body,
    Map<String, String> properties,
    int delayLevel)
    implements Serializable {

  public static Outgoing to(String topic, String body) {
    return new Outgoing(topic, "", "", body, new HashMap<>(), 0);
  }

  public Outgoing tagged(String newTags) {
    return new Outgoing(topic, newTags, keys, body, properties, delayLevel);
  }

  public Outgoing keyed(String newKeys) {
    return new Outgoing(topic, tags, newKeys, body, properties, delayLevel);
  }

  public Outgoing with(String property, String value) {
    Map<String, String> more = new HashMap<>(properties);
    more.put(property, value);
    return new Outgoing(topic, tags, keys, body, new HashMap<>(more), delayLevel);
  }

  public Outgoing delayed(int level) {
    return new Outgoing(topic, tags, keys, body, properties, level);
  }
}
