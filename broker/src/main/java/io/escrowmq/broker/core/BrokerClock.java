package io.escrowmq.broker.core;

import io.escrowmq.runtime.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's time of day, for everything that is recorded: store times, due times, ages. Any thread.
 *
 * <p>It begins as the machine's wall clock, but not before what was recorded last, and goes on with
 * the {@link Ticker}. It never goes back: if the wall clock does, this clock runs at half speed until
 * both agree. It never leaps: if the wall clock does, this one gains a minute each second, however far
 * the leap was. So a wrong time server cannot make every delayed message due in one moment, and a
 * machine that was suspended for some hours is right again after some minutes. Whoever calls {@link
 * #millis} steers it, four times a second at most.
 */
public final class BrokerClock implements InstantSource {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerClock.class);

  private static final long STEER_EVERY_MILLIS = 250;
  private static final long LONGEST_STEER_MILLIS = 1000; // more time does not allow a longer step
  private static final long STEP_FACTOR = 60; // a minute each second
  private static final long JUMP_MILLIS = 1000; // smaller steps of the wall clock count at once
  private static final long TELL_EVERY_MILLIS = 10_000;

  /**
   * How this clock goes on from a tick: with the ticker, but at half speed until a surplus is lost.
   *
   * @param wallMillis what the wall clock said then
   */
  private record Course(long tick, long millis, long surplus, long wallMillis) {

    long at(long laterTick) {
      long passed = Math.max(0, laterTick - tick);
      return millis + passed - Math.min(passed / 2, surplus);
    }
  }

  private final InstantSource wall;
  private final Ticker ticker;
  private final long ticksBehind; // of this clock's first moment
  private final ReentrantLock steering = new ReentrantLock();
  private volatile Course course;

  // Under the lock.
  private boolean jumped; // not told yet
  private boolean disagrees; // told
  private long quietUntilTick;

  public BrokerClock(InstantSource wall, Ticker ticker) {
    this.wall = wall;
    this.ticker = ticker;
    long tick = ticker.millis();
    long millis = wall.millis();
    this.ticksBehind = millis - tick;
    this.course = new Course(tick, millis, 0, millis);
    this.quietUntilTick = tick;
  }

  /**
   * Begins no earlier than what an earlier broker recorded, so that no store time goes back. What
   * this is ahead of the wall clock by then is lost at half speed.
   *
   * @param recordedMillis the latest time in the log; 0 when there is none
   */
  public void goOnFrom(long recordedMillis) {
    steering.lock();
    try {
      long tick = ticker.millis();
      long wallMillis = wall.millis();
      long surplus = recordedMillis - wallMillis;
      if (recordedMillis > course.at(tick)) {
        course = new Course(tick, recordedMillis, Math.max(0, surplus), wallMillis);
      }
      if (surplus >= JUMP_MILLIS) {
        disagrees = true;
        LOG.warn(
            "the machine's clock says {}, but the newest message was recorded at {}, {} s later: the"
                + " clock was ahead then, or is behind now. The broker's time goes on from the later"
                + " one, and runs at half speed until both agree, in about {} s: until then a delayed"
                + " message takes up to twice its delay. If the clock is behind, set it right now",
            Instant.ofEpochMilli(wallMillis),
            Instant.ofEpochMilli(recordedMillis),
            surplus / 1000,
            surplus / 500);
      }
    } finally {
      steering.unlock();
    }
  }

  /** The same ticks, counted so that both clocks began with the same number. */
  public Ticker ticker() {
    return () -> ticker.millis() + ticksBehind;
  }

  @Override
  public long millis() {
    Course now = course;
    long tick = ticker.millis();
    if (tick - now.tick() < STEER_EVERY_MILLIS || !steering.tryLock()) {
      return now.at(tick);
    }
    try {
      return steer(tick);
    } finally {
      steering.unlock();
    }
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  private long steer(long tick) {
    Course before = course; // another thread may have steered meanwhile
    long passed = tick - before.tick();
    long millis = before.at(tick);
    if (passed < STEER_EVERY_MILLIS) {
      return millis;
    }
    long wallMillis = wall.millis();
    long ahead = wallMillis - millis; // of the wall clock
    if (ahead > 0) {
      millis += step(ahead, passed);
    }
    course = new Course(tick, millis, Math.max(0, -ahead), wallMillis);
    jumped |= Math.abs(wallMillis - before.wallMillis() - passed) >= JUMP_MILLIS;
    tell(tick, wallMillis, ahead);
    return millis;
  }

  private static long step(long ahead, long passed) {
    if (ahead < JUMP_MILLIS) {
      return ahead;
    }
    long steered = Math.min(passed, LONGEST_STEER_MILLIS);
    return Math.min(ahead, STEP_FACTOR * steered);
  }

  private void tell(long tick, long wallMillis, long ahead) {
    if (jumped && tick >= quietUntilTick) {
      quietUntilTick = tick + TELL_EVERY_MILLIS;
      jumped = false;
      disagrees |= Math.abs(ahead) >= JUMP_MILLIS;
      if (ahead >= JUMP_MILLIS) {
        LOG.warn(
            "the machine's clock jumped forward and is now {} s ahead of the broker's time, at {}:"
                + " the broker's time gains a minute each second until both agree, in about {} s,"
                + " and delayed messages become due on the way. If the clock is wrong, set it right"
                + " now; if it is right and this is too slow, restart the broker, which then begins"
                + " with it",
            ahead / 1000,
            Instant.ofEpochMilli(wallMillis),
            ahead / 1000 / STEP_FACTOR);
      } else if (ahead <= -JUMP_MILLIS) {
        LOG.warn(
            "the machine's clock was set back by {} s to {}: the broker's time does not go back, it"
                + " runs at half speed until both agree, in about {} s",
            -ahead / 1000,
            Instant.ofEpochMilli(wallMillis),
            -ahead / 500);
      }
    } else if (disagrees && Math.abs(ahead) < JUMP_MILLIS) {
      disagrees = false;
      LOG.info("the broker's time and the machine's clock agree again");
    }
  }
}
