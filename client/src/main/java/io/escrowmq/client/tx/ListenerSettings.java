package io.escrowmq.client.tx;

import io.escrowmq.client.core.BodyCompression;
import java.time.Duration;

/** How a transactional producer works. Immutable, checked. */
public record ListenerSettings(
    String group, Duration sendTimeout, BodyCompression compression, int checkThreads) {

  public ListenerSettings {
    Settings.atLeast(1, sendTimeout.toMillis(), "sendTimeout in ms");
    Settings.atLeast(1, checkThreads, "checkThreads");
  }
}
