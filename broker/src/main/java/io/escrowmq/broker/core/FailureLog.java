package io.escrowmq.broker.core;

import io.escrowmq.runtime.Ticker;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts failures of one kind, and logs them with their stack traces: one in ten seconds, since a
 * client that meets a defect tries again at once. Any thread.
 */
public final class FailureLog {

  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

  private static final long PAUSE_MILLIS = 10_000;

  private final String consequence;
  private final Ticker ticker;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong loggedMillis = new AtomicLong(Long.MIN_VALUE / 2);
  private long countAtLastLine; // guarded by this

  /**
   * Of one kind of failure.
   *
   * @param consequence a sentence: what a failure means for whom
   */
  public FailureLog(String consequence, Ticker ticker) {
    this.consequence = consequence;
    this.ticker = ticker;
  }

  /** How many there were. */
  long count() {
    return count.get();
  }

  /**
   * Counts one, and logs it unless that was done a moment ago.
   *
   * @param what was being done, by the name of a class, say
   */
  public void add(String what, Throwable cause) {
    long now = ticker.millis();
    long before = loggedMillis.get();
    long failures = count.incrementAndGet();
    if (now - before >= PAUSE_MILLIS && loggedMillis.compareAndSet(before, now)) {
      log(what, failures, cause);
    }
  }

  private synchronized void log(String what, long failures, Throwable cause) {
    long unsaid = failures - countAtLastLine - 1;
    countAtLastLine = failures;
    LOG.error("{} failed; {} ({} more since the last line)", what, consequence, unsaid, cause);
  }
}
