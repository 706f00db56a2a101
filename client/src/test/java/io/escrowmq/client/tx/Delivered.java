package io.escrowmq.client.tx;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.TopicQueue;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A delivery of which only topic, message and attempt matter. */
record Delivered(String topic, String messageId, int attempt) implements Delivery {

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
    return "";
  }

  @Override
  public String tag() {
    return null;
  }

  @Override
  public List<String> keys() {
    return List.of();
  }

  @Override
  public String orderingKey() {
    return null;
  }

  @Override
  public String property(String name) {
    return null;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
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
