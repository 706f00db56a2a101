package io.escrowmq.client;

import io.escrowmq.remoting.message.PropertyNames;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message in escrow that a broker asks about. Immutable, but for the body's bytes.
 *
 * @param messageId the same as in the receipt of its sender
 * @param properties all that go with it, the protocol's own too
 * @param sentAt when it was sent, by the sender's clock
 */
public record HalfMessage(
    String topic, String messageId, Map<String, String> properties, byte[] body, Instant sentAt) {

  /** The message's tag; null when it has none. */
  public @Nullable String tag() {
    return properties.get(PropertyNames.TAGS);
  }

  /** Its business keys, separated by blanks; null when it has none. */
  public @Nullable String keys() {
    return properties.get(PropertyNames.KEYS);
  }
}
