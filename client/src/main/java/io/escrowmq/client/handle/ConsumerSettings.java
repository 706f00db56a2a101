package io.escrowmq.client.handle;

import io.escrowmq.client.DecidingHandler;
import io.escrowmq.client.Filter;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.pull.ConsumerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a group consumes. Immutable, checked; {@link io.escrowmq.client.ConsumerBuilder} explains each.
 *
 * @param broadcastOffsets the file for a broadcasting consumer's progress; null when members share
 */
public record ConsumerSettings(
    String group,
    Map<String, Filter> subscriptions,
    DecidingHandler handler,
    boolean ordered,
    StartFrom startFrom,
    int concurrency,
    double ratePerSecond,
    RetrySettings retry,
    ConsumerLimits limits,
    Duration stopTimeout,
    @Nullable Path broadcastOffsets) {

  /** Copies and checks. */
  public ConsumerSettings {
    subscriptions = Map.copyOf(subscriptions);
    if (subscriptions.isEmpty()) {
      throw new IllegalArgumentException("the consumer of " + group + " subscribes to no topic");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "concurrency is " + concurrency + ", at least 1 is needed");
    }
    if (ratePerSecond < 0 || Double.isNaN(ratePerSecond)) {
      throw new IllegalArgumentException(
          "the rate is " + ratePerSecond + " a second, it must not be negative");
    }
    if (stopTimeout.isNegative()) {
      throw new IllegalArgumentException("the stop timeout is " + stopTimeout);
    }
    if (ordered && broadcastOffsets != null) {
      throw new IllegalArgumentException("a broadcasting consumer cannot be ordered: queues are"
          + " locked for one member, and here every member has all");
    }
  }

  boolean isBroadcasting() {
    return broadcastOffsets != null;
  }
}
