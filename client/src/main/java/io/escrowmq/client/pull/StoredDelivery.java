package io.escrowmq.client.pull;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Compressor;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.TopicNames;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message read where it lies in an answer, decoded only as far as it is asked for. Immutable but for
 * what it remembers having decoded; handed from thread to thread safely.
 */
public final class StoredDelivery implements Delivery {

  private final TopicQueue queue;
  private final MessageView view;
  private final int localAttempts;
  private volatile byte @Nullable [] body; // decoded when it is first asked for

  public StoredDelivery(TopicQueue queue, MessageView view) {
    this(queue, view, 0);
  }

  private StoredDelivery(TopicQueue queue, MessageView view, int localAttempts) {
    this.queue = queue;
    this.view = view;
    this.localAttempts = localAttempts;
    view.properties(); // decoded now, so that threads only read
  }

  /** The same message once more, from memory. */
  public StoredDelivery again() {
    return new StoredDelivery(queue, view, localAttempts + 1);
  }

  /** What it takes of memory, roughly. */
  public int bytes() {
    return view.size();
  }

  /** Where it lies in the broker's log. */
  public long position() {
    return view.position();
  }

  @Override
  public String topic() {
    if (TopicNames.groupOf(queue.topic()) == null) {
      return queue.topic();
    }
    String origin = property(PropertyNames.RETRY_TOPIC);
    return origin == null ? queue.topic() : origin;
  }

  @Override
  public TopicQueue queue() {
    return queue;
  }

  @Override
  public long queueOffset() {
    return view.queueOffset();
  }

  @Override
  public String messageId() {
    String unique = property(PropertyNames.UNIQUE_KEY);
    return unique == null ? location() : unique;
  }

  @Override
  public String location() {
    return new MessageId(view.storeHost(), view.position()).text();
  }

  @Override
  public @Nullable String tag() {
    return property(PropertyNames.TAGS);
  }

  @Override
  public List<String> keys() {
    return Properties.splitKeys(property(PropertyNames.KEYS));
  }

  @Override
  public @Nullable String orderingKey() {
    return property(PropertyNames.SHARDING_KEY);
  }

  @Override
  public @Nullable String property(String name) {
    return view.property(name);
  }

  @Override
  public Map<String, String> properties() {
    return Properties.parse(view.properties());
  }

  @Override
  public byte[] body() {
    byte[] decoded = body;
    if (decoded == null) {
      ByteBuffer stored = view.body();
      byte[] bytes = new byte[stored.remaining()];
      stored.get(bytes);
      decoded = Compressor.expand(view.sysFlag(), bytes);
      body = decoded;
    }
    return decoded;
  }

  @Override
  public Instant sentAt() {
    return Instant.ofEpochMilli(view.bornTimestamp());
  }

  @Override
  public Instant storedAt() {
    return Instant.ofEpochMilli(view.storeTimestamp());
  }

  @Override
  public int attempt() {
    return view.reconsumeTimes() + 1 + localAttempts;
  }

  @Override
  public String toString() {
    return "message " + messageId() + " from " + queue + "@" + queueOffset();
  }
}
