package io.escrowmq.systemtests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.core.ConditionFactory;

/** Waiting for a condition, with the patience that a busy machine needs. */
final class Waiting {

  private static final Duration POLL = Duration.ofMillis(50);

  private Waiting() {}

  static ConditionFactory soon() {
    return within(20);
  }

  static ConditionFactory within(int seconds) {
    return await().atMost(Duration.ofSeconds(seconds)).pollInterval(POLL);
  }
}
