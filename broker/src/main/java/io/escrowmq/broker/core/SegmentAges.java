package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Retention;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.SegmentStats;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which segments of the log are old. Owner: the log loop; the settings may be changed by any thread.
 *
 * <p>It keeps a time of its own, which never leaps: it follows the clock by at most a minute in each ten
 * seconds. A clock that is set days ahead by mistake would otherwise delete every message at once, and
 * nothing brings them back. A clock that goes back takes this time back with it.
 */
public final class SegmentAges {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentAges.class);

  private static final long STEP_MILLIS = 60_000;
  private static final long STEP_EVERY_MILLIS = 10_000;
  private static final long AGEING_MILLIS = 1_000;
  private static final long AGEING_BYTES = 64 * 1024;

  private final CommitLog log;
  private volatile RetentionSettings settings;
  private volatile long behindMillis;
  private boolean begun;
  private boolean told;
  private long timeMillis; // as old segments see it; never ahead of the clock
  private long steppedMillis; // when it was last moved, by the clock

  private long ageing; // as it was found at this time, with this end of the log and these settings
  private long ageingMillis = Long.MAX_VALUE;
  private long ageingEnd;
  private RetentionSettings ageingSettings;

  public SegmentAges(CommitLog log, RetentionSettings settings) {
    this.log = log;
    this.settings = settings;
    this.ageingSettings = settings;
  }

  public RetentionSettings settings() {
    return settings;
  }

  /** Other limits hold from the next question on. Any thread. */
  public void change(RetentionSettings changed) {
    settings = changed;
  }

  /** How far this time is behind the clock because the clock leapt; 0 when it did not. Any thread. */
  public long behindMillis() {
    return behindMillis;
  }

  /** Where the first segment begins that has to stay. */
  public long expiredBefore(long nowMillis) {
    follow(nowMillis);
    return Retention.deleteBefore(log.segments(), timeMillis, settings);
  }

  /**
   * Where the first segment begins that has not reached half of its time, or of its bytes. Cheap: asked
   * for each message that leaves escrow, so it may lag by a second, or by some bytes of log.
   */
  public long ageingBefore(long nowMillis) {
    if (nowMillis - ageingMillis >= AGEING_MILLIS
        || nowMillis < ageingMillis
        || log.end() - ageingEnd >= AGEING_BYTES
        || !ageingSettings.equals(settings)) {
      follow(nowMillis);
      ageingMillis = nowMillis;
      ageingEnd = log.end();
      ageingSettings = settings;
      ageing = Retention.deleteBefore(log.segments(), timeMillis, settings.halved());
    }
    return ageing;
  }

  private void follow(long nowMillis) {
    if (!begun) {
      begun = true;
      timeMillis = Math.min(nowMillis, lastSeenMillis(nowMillis));
      steppedMillis = nowMillis - STEP_EVERY_MILLIS;
    }
    if (nowMillis < timeMillis) {
      timeMillis = nowMillis;
      steppedMillis = nowMillis;
    } else if (nowMillis - steppedMillis >= STEP_EVERY_MILLIS || nowMillis < steppedMillis) {
      timeMillis = Math.min(nowMillis, timeMillis + STEP_MILLIS);
      steppedMillis = nowMillis;
    }
    long behind = nowMillis - timeMillis;
    behindMillis = behind > STEP_MILLIS ? behind : 0;
    tell(nowMillis);
  }

  // The log witnesses this time: when the newest sealed segment was last written to.
  private long lastSeenMillis(long nowMillis) {
    List<SegmentStats> segments = log.segments();
    return segments.size() < 2 ? nowMillis : segments.get(segments.size() - 2).lastWriteMillis();
  }

  private void tell(long nowMillis) {
    if (behindMillis > 0 && !told) {
      LOG.warn(
          "the clock is {} s ahead of the time up to which the log was looked at: old segments are"
              + " not deleted by that leap, their age follows by a minute in ten seconds; if the"
              + " clock is wrong ({}), set it right before they go",
          behindMillis / 1000,
          Instant.ofEpochMilli(nowMillis));
    }
    told = behindMillis > 0;
  }
}
