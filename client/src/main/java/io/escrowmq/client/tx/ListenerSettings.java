package io.escrowmq.client.tx;

import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Checked;
import java.time.Duration;

/** How a transactional producer works. Immutable, checked. */
public record ListenerSettings(
    String group, Duration sendTimeout, BodyCompression compression, int checkThreads) {

  public ListenerSettings {
    Checked.atLeast(Duration.ofMillis(1), sendTimeout, "sendTimeout");
    Checked.atLeast(1, checkThreads, "checkThreads");
  }
}
