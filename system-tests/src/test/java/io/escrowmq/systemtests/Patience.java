package io.escrowmq.systemtests;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.awaitility.core.ConditionFactory;

/** Waits for conditions, with the patience that a busy machine needs. */
final class Patience {

  private static final Duration POLL = Duration.ofMillis(50);

  private Patience() {}

  static ConditionFactory soon() {
    return within(20);
  }

  static ConditionFactory within(int seconds) {
    return await().atMost(Duration.ofSeconds(seconds)).pollInterval(POLL);
  }
}
