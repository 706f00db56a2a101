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
public record OutgoingMessage(
    String topic,
    String tags,
    String keys,
    String body,
    Map<String, String> properties,
    int delayLevel)
    implements Serializable {

  public static OutgoingMessage to(String topic, String body) {
    return new OutgoingMessage(topic, "", "", body, new HashMap<>(), 0);
  }

  public OutgoingMessage tagged(String newTags) {
    return new OutgoingMessage(topic, newTags, keys, body, properties, delayLevel);
  }

  public OutgoingMessage keyed(String newKeys) {
    return new OutgoingMessage(topic, tags, newKeys, body, properties, delayLevel);
  }

  public OutgoingMessage with(String property, String value) {
    Map<String, String> more = new HashMap<>(properties);
    more.put(property, value);
    return new OutgoingMessage(topic, tags, keys, body, new HashMap<>(more), delayLevel);
  }

  public OutgoingMessage delayed(int level) {
    return new OutgoingMessage(topic, tags, keys, body, properties, level);
  }
}
