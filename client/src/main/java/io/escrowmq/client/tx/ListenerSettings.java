package io.escrowmq.client.tx;

import io.escrowmq.client.core.Arguments;
import io.escrowmq.client.core.BodyCompression;
import java.time.Duration;

/** How a transactional producer works. Immutable, checked. */
public record ListenerSettings(
    String group, Duration sendTimeout, BodyCompression compression, int checkThreads) {

  public ListenerSettings {
    Arguments.atLeast(Duration.ofMillis(1), sendTimeout, "sendTimeout");
    Arguments.atLeast(1, checkThreads, "checkThreads");
  }
}
