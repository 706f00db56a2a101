package io.escrowmq.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One delivery of a message to a consumer. Immutable; the body's bytes are the receiver's own. */
public interface Delivery {

  /** The topic that it was sent to, also when it is delivered again. */
  String topic();

  /** Where this delivery came from; of a message delivered again, a queue of the group's own. */
  TopicQueue queue();

  /** Its number in that queue. */
  long queueOffset();

  /** The id that its sender gave it; the same on every delivery. */
  String messageId();

  /** The id that says where the bytes of this delivery lie. */
  String location();

  /** The message's tag; null when it has none. */
  @Nullable
  String tag();

  /** The business keys; none is usual. */
  List<String> keys();

  /** Messages of one key are delivered in order to an orderly consumer; null when it has none. */
  @Nullable
  String orderingKey();

  /** The value of a property; null when the message has no such property. */
  @Nullable
  String property(String name);

  /** All properties, the system's own too. */
  Map<String, String> properties();

  /** The body, as it was before any compression. */
  byte[] body();

  /** The body, read as UTF-8. */
  default String text() {
    return new String(body(), StandardCharsets.UTF_8);
  }

  /** When its sender made it, by the sender's clock. */
  Instant sentAt();

  /** When the broker stored it, or made it visible, by the broker's clock. */
  Instant storedAt();

  /** 1 for the first delivery to this group, 2 for the second, and so on. */
  int attempt();
}
