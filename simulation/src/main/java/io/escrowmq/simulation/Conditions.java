package io.escrowmq.simulation;

import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.store.FlushMode;
import java.time.Duration;
import java.util.Random;

/**
 * What is so in a whole run: kinds of trouble, and how much is sent and kept.
 *
 * @param powerFails whether what was not synced may be lost
 * @param losesTail whether that may be something that was acknowledged
 * @param flips whether bits turn over on the disk
 * @param clocksLeap forward and back
 * @param keepSegments so many segments of the log are kept; 0: no limit
 * @param keep how long messages are kept
 * @param remembersFew whether a send that comes again is soon taken for a new one
 * @param nameServers how many there are
 * @param brokers how many there are; each has all topics
 * @param isHeavy whether messages are large and live long: much of the log comes and goes
 */
record Conditions(
    boolean powerFails,
    boolean losesTail,
    boolean flips,
    boolean clocksLeap,
    int keepSegments,
    Duration keep,
    boolean remembersFew,
    boolean isHeavy,
    int nameServers,
    int brokers) {

  private static final Duration DAYS = Duration.ofDays(3);
  private static final int FEW_KEYS = 64;
  private static final int FEW_BYTES = 4_000; // which two topics take when they have grown
  private static final int MOST_SEGMENTS = 12;
  private static final int LEAST_SECONDS = 15;
  private static final int DOUBLED = 5; // times at most, the time for which messages are kept

  static Conditions draw(Random random) {
    boolean powerFails = random.nextBoolean();
    boolean losesTail = powerFails && random.nextInt(3) == 0;
    boolean flips = random.nextInt(8) == 0;
    boolean clocksLeap = random.nextInt(3) > 0;
    boolean isSmall = random.nextInt(4) == 0;
    int segments = isSmall ? 1 + random.nextInt(1 + random.nextInt(MOST_SEGMENTS)) : 0;
    boolean isShort = random.nextInt(4) == 0;
    Duration keep =
        isShort ? Duration.ofSeconds(LEAST_SECONDS << random.nextInt(DOUBLED + 1)) : DAYS;
    boolean isHeavy = isSmall || isShort || random.nextInt(3) == 0;
    return new Conditions(
        powerFails,
        losesTail,
        flips,
        clocksLeap,
        segments,
        keep,
        random.nextInt(3) == 0,
        isHeavy,
        random.nextInt(3) == 0 ? 2 : 1,
        random.nextInt(3) == 0 ? 2 : 1);
  }

  FlushMode flush() {
    return powerFails && !losesTail ? FlushMode.SYNC : FlushMode.ASYNC;
  }

  /** Whether old messages go. */
  boolean retains() {
    return keepSegments > 0 || !keep.equals(DAYS);
  }

  Deduplication deduplication() {
    return remembersFew
        ? new Deduplication(Deduplication.Of.MARKED, FEW_KEYS, FEW_BYTES)
        : Deduplication.DEFAULT;
  }

  long keepBytes() {
    return (long) keepSegments * Settings.SEGMENT_BYTES;
  }
}
