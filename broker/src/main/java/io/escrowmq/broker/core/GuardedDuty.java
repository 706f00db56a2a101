package io.escrowmq.broker.core;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A duty whose failures are its own: it is left out for a pause that grows, and tried again. Owner:
 * the log loop; any thread counts its failures.
 */
final class GuardedDuty {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedDuty.class);

  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  private final Duty duty;
  private volatile long pauseMillis; // 0 while it works
  private final AtomicLong failures = new AtomicLong();
  private long pausedUntilMillis = Long.MIN_VALUE;

  GuardedDuty(Duty duty) {
    this.duty = duty;
  }

  /** When it is to be done next; later than it wants while it is left out. */
  long nextMillis(long nowMillis) {
    if (nowMillis < pausedUntilMillis) {
      return pausedUntilMillis;
    }
    try {
      return duty.nextMillis();
    } catch (RuntimeException | Error e) {
      failed(nowMillis, e);
      return pausedUntilMillis;
    }
  }

  void onTick(Recorder recorder) {
    duty.onTick(recorder);
    if (pauseMillis > 0) {
      LOG.info("{} works again", name());
      pauseMillis = 0;
    }
  }

  /** It threw: leaves it out for a while. */
  void failed(long nowMillis, Throwable cause) {
    pauseMillis =
        pauseMillis == 0 ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    pausedUntilMillis = nowMillis + pauseMillis;
    failures.incrementAndGet();
    LOG.error("{} failed and is tried again in {} ms", name(), pauseMillis, cause);
  }

  long failures() {
    return failures.get();
  }

  /** True from a failure to the next success. */
  boolean isFailing() {
    return pauseMillis > 0;
  }

  private String name() {
    return duty.getClass().getSimpleName();
  }
}
