package io.escrowmq.client.send;

import io.escrowmq.client.core.Arguments;
import io.escrowmq.client.core.BodyCompression;
import java.time.Duration;

/**
 * How a producer sends. Immutable, checked; {@link io.escrowmq.client.ProducerBuilder} explains each.
 */
public record ProducerSettings(
    String group,
    Duration sendTimeout,
    int retries,
    long maxInFlightBytes,
    Duration linger,
    int batchBytes,
    BodyCompression compression) {

  public ProducerSettings {
    Arguments.atLeast(Duration.ofMillis(1), sendTimeout, "sendTimeout");
    Arguments.atLeast(0, retries, "retries");
    Arguments.atLeast(1, maxInFlightBytes, "maxInFlightBytes");
    Arguments.atLeast(Duration.ZERO, linger, "linger");
    if (linger.compareTo(sendTimeout) >= 0) {
      throw new IllegalArgumentException(
          "linger is " + linger + ", it must be less than the sendTimeout of " + sendTimeout);
    }
    Arguments.atLeast(1, batchBytes, "batchBytes");
  }
}
