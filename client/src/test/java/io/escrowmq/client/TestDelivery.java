package io.escrowmq.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A delivery of which these matter. */
public record TestDelivery(
    String topic, String messageId, int attempt, Map<String, String> properties)
    implements Delivery {

  /** One of which only the properties matter. */
  public TestDelivery(Map<String, String> properties) {
    this("orders", "m", 1, properties);
  }

  /** One without properties. */
  public TestDelivery(String topic, String messageId, int attempt) {
    this(topic, messageId, attempt, Map.of());
  }

  @Override
  public TopicQueue queue() {
    return new TopicQueue(topic, "a", 0);
  }

  @Override
  public long queueOffset() {
    return 0;
  }

  @Override
  public String location() {
    return "l";
  }

  @Override
  public @Nullable String tag() {
    return null;
  }

  @Override
  public List<String> keys() {
    return List.of();
  }

  @Override
  public @Nullable String orderingKey() {
    return null;
  }

  @Override
  public @Nullable String property(String name) {
    return properties.get(name);
  }

  @Override
  public byte[] body() {
    return new byte[0];
  }

  @Override
  public Instant sentAt() {
    return Instant.EPOCH;
  }

  @Override
  public Instant storedAt() {
    return Instant.EPOCH;
  }
}
