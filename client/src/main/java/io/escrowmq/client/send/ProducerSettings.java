package io.escrowmq.client.send;

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
    atLeast(1, sendTimeout.toMillis(), "sendTimeout in ms");
    atLeast(0, retries, "retries");
    atLeast(1, maxInFlightBytes, "maxInFlightBytes");
    atLeast(0, linger.toNanos(), "linger in ns");
    if (linger.compareTo(sendTimeout) >= 0) {
      throw new IllegalArgumentException(
          "linger is " + linger + ", it must be less than the sendTimeout of " + sendTimeout);
    }
    atLeast(1, batchBytes, "batchBytes");
  }

  private static void atLeast(long least, long value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " is " + value + ", at least " + least + " is needed");
    }
  }
}
