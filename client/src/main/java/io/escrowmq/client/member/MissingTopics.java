package io.escrowmq.client.member;

import io.escrowmq.client.TopicNotFoundException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.remoting.message.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a consumer warns about a topic that does not exist: at once, and then once a minute.
 * Retry topics do not count; brokers create them with the group. Any thread.
 */
final class MissingTopics {

  private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final String group;
  private final Map<String, Long> warnedNanos = new HashMap<>(); // of subscribed topics only

  MissingTopics(String group) {
    this.group = group;
  }

  /** The topic's route was found. */
  synchronized void found(String topic) {
    warnedNanos.remove(topic);
  }

  /** The warning about a topic whose route was not found; null when nothing is to be said now. */
  synchronized @Nullable String notFound(String topic, Throwable failure, long nowNanos) {
    if (TopicNames.isRetry(topic)
        || !(Failures.unwrapped(failure) instanceof TopicNotFoundException)) {
      return null;
    }
    Long before = warnedNanos.get(topic);
    if (before != null && nowNanos - before < EVERY_NANOS) {
      return null;
    }
    warnedNanos.put(topic, nowNanos);
    return "the consumer of " + group + " gets no messages of " + topic + ": "
        + Failures.unwrapped(failure).getMessage() + ". It looks again every second";
  }
}
