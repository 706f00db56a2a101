package io.escrowmq.client;

import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent. Immutable, but for the body's bytes, which are not copied: leave them alone
 * until the message is confirmed.
 *
 * <pre>{@code
 * Message.to("orders").tag("placed").key("order-17").body(bytes)
 * }</pre>
 */
public final class Message {

  private final String topic;
  private final Map<String, String> properties;
  private final @Nullable String orderingKey;
  private final byte[] body;

  private Message(Draft draft, byte[] body) {
    this.topic = draft.topic;
    this.properties = Map.copyOf(draft.properties);
    this.orderingKey = draft.orderingKey;
    this.body = body;
  }

  /** Begins a message to this topic: 1 to 127 letters, digits, '-', '_', '%' or '|'. */
  public static Draft to(String topic) {
    return new Draft(topic);
  }

  public String topic() {
    return topic;
  }

  /** The message's tag; null when it has none. */
  public @Nullable String tag() {
    return properties.get(PropertyNames.TAGS);
  }

  /** Messages of one key keep their order; null when it has none. */
  public @Nullable String orderingKey() {
    return orderingKey;
  }

  /** Everything that goes with the body under its name on the wire, the tag and the keys too. */
  public Map<String, String> properties() {
    return properties;
  }

  /** The body itself, not a copy. */
  public byte[] body() {
    return body;
  }

  /** Whether it is to be delivered later than at once. */
  public boolean isDelayed() {
    return properties.containsKey(PropertyNames.DELAY)
        || properties.containsKey(PropertyNames.TIMER_DELAY_MILLIS)
        || properties.containsKey(PropertyNames.TIMER_DELIVER_MILLIS);
  }

  @Override
  public String toString() {
    return "message of " + body.length + " bytes to " + topic;
  }

  /** A message that lacks its body. Owner: whoever writes it. */
  public static final class Draft {

    private final String topic;
    private Map<String, String> properties = Map.of(); // of its own when it has any
    private @Nullable String orderingKey;

    private Draft(String topic) {
      Objects.requireNonNull(topic, "the topic is null");
      String refusal = TopicNames.refusal(topic);
      if (refusal != null) {
        throw new IllegalArgumentException(refusal);
      }
      if (!TopicNames.isSendable(topic)) {
        throw new IllegalArgumentException(topic + " is the broker's own; send to another topic");
      }
      this.topic = topic;
    }

    /** What consumers can filter by; at most one. */
    public Draft tag(String tag) {
      return put(PropertyNames.TAGS, tag);
    }

    /** A business key, by which the broker finds the message; may be called several times. */
    public Draft key(String key) {
      Objects.requireNonNull(key, "the key is null");
      if (key.indexOf(' ') >= 0) {
        throw new IllegalArgumentException("the key '" + key + "' contains a blank");
      }
      String before = properties.get(PropertyNames.KEYS);
      return put(PropertyNames.KEYS, before == null ? key : before + ' ' + key);
    }

    /** A property of the sender's own; names that the protocol uses are refused. */
    public Draft property(String name, String value) {
      Objects.requireNonNull(name, "the property's name is null");
      if (PropertyNames.isReserved(name)) {
        throw new IllegalArgumentException("the property name " + name + " is the protocol's own");
      }
      return put(name, value);
    }

    /**
     * With the tag, the keys, the ordering key and the sender's own properties of a message that came,
     * to send that one on. What brokers and clients said by further properties stays behind: what is
     * sent on is a new message.
     */
    public Draft like(Delivery delivery) {
      Objects.requireNonNull(delivery, "the delivery is null");
      delivery.properties().forEach((name, value) -> {
        if (!PropertyNames.isReserved(name)) {
          put(name, value);
        }
      });
      String tag = delivery.tag();
      if (tag != null) {
        tag(tag);
      }
      delivery.keys().forEach(this::key);
      String ordering = delivery.orderingKey();
      return ordering == null ? this : orderingKey(ordering);
    }

    /**
     * All messages of this key go to one queue, as long as the topic's route stays the same, and are
     * seen in the order in which they were confirmed. The route changes when the topic gets queues,
     * and when a broker that has some comes or goes.
     */
    public Draft orderingKey(String key) {
      Objects.requireNonNull(key, "the key is null");
      put(PropertyNames.SHARDING_KEY, key);
      orderingKey = key;
      return this;
    }

    /** To be delivered not before this time has passed; whole milliseconds, from 1 ms to 3 days. */
    public Draft delay(Duration delay) {
      Objects.requireNonNull(delay, "the delay is null");
      if (delay.toMillis() < 1) {
        throw new IllegalArgumentException("a delay of " + delay + ", at least 1 ms is needed");
      }
      return due(PropertyNames.TIMER_DELAY_MILLIS, delay.toMillis());
    }

    /** To be delivered not before this moment by the broker's clock; at once when it has passed. */
    public Draft deliverAt(Instant moment) {
      Objects.requireNonNull(moment, "the moment of delivery is null");
      return due(PropertyNames.TIMER_DELIVER_MILLIS, moment.toEpochMilli());
    }

    /** To be delivered after one of the broker's 18 fixed delays, 1 (1 s) to 18 (2 h). */
    public Draft delayLevel(int level) {
      if (level < 1 || level > 18) {
        throw new IllegalArgumentException("a delay level of " + level + ", 1 to 18 are possible");
      }
      return due(PropertyNames.DELAY, level);
    }

    private Draft due(String name, long value) {
      if (!properties.isEmpty()) {
        properties.remove(PropertyNames.DELAY);
        properties.remove(PropertyNames.TIMER_DELAY_MILLIS);
        properties.remove(PropertyNames.TIMER_DELIVER_MILLIS);
      }
      return put(name, Long.toString(value));
    }

    /** The finished message. The bytes are not copied. */
    public Message body(byte[] bytes) {
      Objects.requireNonNull(bytes, "the body is null; an empty one is new byte[0]");
      return new Message(this, bytes);
    }

    /** The finished message, its body in UTF-8. */
    public Message body(String text) {
      Objects.requireNonNull(text, "the body is null; an empty one is \"\"");
      return body(text.getBytes(StandardCharsets.UTF_8));
    }

    private Draft put(String name, String value) {
      if (value == null) {
        throw new NullPointerException("the value of the property " + name + " is null");
      }
      if (name.isEmpty() || value.isEmpty()) {
        throw new IllegalArgumentException(
            "the property '" + name + "' is '" + value + "'; neither may be empty");
      }
      if (hasSeparator(name) || hasSeparator(value)) {
        throw new IllegalArgumentException("the property '" + name
            + "' contains the character 1 or 2, which ends names and values");
      }
      if (properties.isEmpty()) {
        properties = new HashMap<>();
      }
      properties.put(name, value);
      return this;
    }

    private static boolean hasSeparator(String text) {
      return text.indexOf(1) >= 0 || text.indexOf(2) >= 0;
    }
  }
}
