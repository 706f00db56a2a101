package io.escrowmq.broker.core;

import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Image;
import io.escrowmq.store.Retention;
import io.escrowmq.store.RetentionSettings;
import io.escrowmq.store.SegmentStats;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which segments of the log are old. Owner: the log loop.
 *
 * <p>It keeps a time of its own, which never leaps: it follows the clock at twice the speed at which
 * time really passes. A clock that is set days ahead by mistake would otherwise delete every message
 * at once, and nothing brings them back. State files keep this time, so a restart goes on from there:
 * what nobody could read while a broker was down for days is still there, and a leap before the restart
 * deletes no more than one after it. Every message is kept for half of its time
 * at least while a broker runs; and the disk, which has to hold what comes in that time, is not asked
 * for much more. A clock that goes back takes this time back with it.
 */
public final class SegmentAges implements View {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentAges.class);

  private static final int SPEED = 2; // at which it follows
  private static final long BEHIND_MILLIS = 60_000; // and more is told
  private static final long TELL_EVERY_MILLIS = 60_000;
  private static final long AGEING_MILLIS = 1_000;
  private static final long AGEING_BYTES = 64 * 1024;

  private final CommitLog log;
  private final Ticker ticker;
  private final RetentionLimits limits;
  private volatile long behindMillis;
  private boolean begun;
  private long toldBehindMillis; // or what is left of it
  private long quietUntilTick = Long.MIN_VALUE;
  private long timeMillis; // as old segments see it, never ahead of the clock; 0: not known
  private long steppedTick; // when it was last moved

  private long ageing; // as it was found at this time, with this end of the log and these settings
  private long ageingMillis = Long.MAX_VALUE;
  private long ageingEnd;
  private RetentionSettings ageingSettings;

  public SegmentAges(CommitLog log, RetentionLimits limits, Ticker ticker) {
    this.log = log;
    this.ticker = ticker;
    this.limits = limits;
    this.ageingSettings = limits.now();
  }

  /** How far this time is behind the clock because the clock leapt; 0 when it did not. Any thread. */
  public long behindMillis() {
    return behindMillis;
  }

  /** Where the first segment begins that has to stay. */
  public long expiredBefore(long nowMillis) {
    follow(nowMillis);
    return Retention.deleteBefore(log.segments(), timeMillis, limits.now());
  }

  /**
   * Where the first segment begins that has not reached twice its time, or bytes. Older ones are only there
   * because of what is in escrow in them and cannot be read.
   */
  public long longExpiredBefore(long nowMillis) {
    follow(nowMillis);
    return Retention.deleteBefore(log.segments(), timeMillis, limits.now().doubled());
  }

  /** Where the first segment begins that has not reached half of its time, or of its bytes. */
  public long halfExpiredBefore(long nowMillis) {
    follow(nowMillis);
    return Retention.deleteBefore(log.segments(), timeMillis, limits.now().halved());
  }

  /**
   * The same for a message that leaves escrow. Cheap: asked
   * for each message that leaves escrow, so it may lag by a second, or by some bytes of log.
   *
   * <p>By the clock, not by the time of old segments: where that is behind, it catches up at twice the
   * speed, and would leave a message less than half of the retention.
   */
  public long ageingBefore(long nowMillis) {
    RetentionSettings settings = limits.now();
    if (nowMillis - ageingMillis >= AGEING_MILLIS
        || nowMillis < ageingMillis
        || log.end() - ageingEnd >= AGEING_BYTES
        || !ageingSettings.equals(settings)) {
      ageingMillis = nowMillis;
      ageingEnd = log.end();
      ageingSettings = settings;
      ageing = Retention.deleteBefore(log.segments(), nowMillis, settings.halved());
    }
    return ageing;
  }

  private void follow(long nowMillis) {
    long tick = ticker.millis();
    if (!begun) {
      begun = true;
      timeMillis = Math.min(nowMillis, timeMillis > 0 ? timeMillis : firstSeenMillis(nowMillis));
      steppedTick = tick;
      tellOfStart(nowMillis);
    }
    timeMillis = Math.min(nowMillis, timeMillis + SPEED * (tick - steppedTick));
    steppedTick = tick;
    long behind = nowMillis - timeMillis;
    behindMillis = behind > BEHIND_MILLIS ? behind : 0;
    tell(nowMillis, tick);
  }

  // Without a state file: what the oldest segment says. A newer one may have been written while the
  // clock was wrong.
  private long firstSeenMillis(long nowMillis) {
    List<SegmentStats> segments = log.segments();
    return segments.size() < 2 ? nowMillis : segments.get(0).lastWriteMillis();
  }

  @Override
  public String name() {
    return "segment-ages";
  }

  @Override
  public boolean mayStartEmpty() {
    return true;
  }

  @Override
  public Image beginImage() {
    long now = timeMillis;
    return out -> out.writeLong(now);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    timeMillis = in.readLong();
  }

  // No leap, but a pause, or a state file that is not new.
  private void tellOfStart(long nowMillis) {
    long behind = nowMillis - timeMillis;
    toldBehindMillis = behind;
    if (behind > BEHIND_MILLIS) {
      LOG.info(
          "the age of old segments was last kept {} s ago: it follows from there, at twice the speed"
              + " of time",
          behind / 1000);
    }
  }

  // A clock that is followed after a leap gets further ahead all the while.
  private void tell(long nowMillis, long tick) {
    toldBehindMillis = Math.min(toldBehindMillis, behindMillis);
    if (behindMillis - toldBehindMillis > BEHIND_MILLIS && tick >= quietUntilTick) {
      toldBehindMillis = behindMillis;
      quietUntilTick = tick + TELL_EVERY_MILLIS;
      LOG.warn(
          "the clock is {} s ahead of the time up to which the log was looked at: old segments are"
              + " not deleted by that leap, their age follows at twice the speed of time; if the"
              + " clock is wrong ({}), set it right before they go",
          behindMillis / 1000,
          Instant.ofEpochMilli(nowMillis));
    }
  }
}
