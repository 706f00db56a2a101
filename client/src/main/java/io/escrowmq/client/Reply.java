package io.escrowmq.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reply to a request. Immutable; the body's bytes are the receiver's own. */
public interface Reply {

  /** The id that its sender gave it. */
  String messageId();

  /** The value of a property; null when the reply has no such property. */
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
}
