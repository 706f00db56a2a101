package io.escrowmq.remoting.simulated;

import java.time.Duration;
import java.util.Random;

/**
 * How one direction between two machines behaves while it is not cut. Immutable.
 *
 * @param leastNanos what everything takes at least
 * @param mostNanos what nearly everything takes at most
 * @param latestNanos what the slowest takes
 * @param slow the share that takes longer than {@code mostNanos}, mostly a little, seldom very much
 * @param lostAttempts the share of messages that open connections and are lost; TCP sends them again
 *     after seconds
 * @param bytesPerSecond a connection carries no more
 */
public record Line(
    long leastNanos,
    long mostNanos,
    long latestNanos,
    double slow,
    double lostAttempts,
    long bytesPerSecond) {

  /** A good network within one room. */
  public static final Line GOOD = new Line(20_000, 300_000, 5_000_000, 0.01, 0, 1 << 30);

  public Line {
    if (leastNanos < 1
        || mostNanos <= leastNanos
        || latestNanos < mostNanos
        || bytesPerSecond < 1) {
      throw new IllegalArgumentException("delays grow from least to latest, and bytes must pass");
    }
  }

  /** The same with other delays; the latest may be very late. */
  public Line withDelay(Duration least, Duration most, Duration latest, double share) {
    return new Line(
        least.toNanos(), most.toNanos(), latest.toNanos(), share, lostAttempts, bytesPerSecond);
  }

  public Line withLostAttempts(double share) {
    return new Line(leastNanos, mostNanos, latestNanos, slow, share, bytesPerSecond);
  }

  public Line withBytesPerSecond(long most) {
    return new Line(leastNanos, mostNanos, latestNanos, slow, lostAttempts, most);
  }

  long delay(Random random) {
    if (slow > 0 && random.nextDouble() < slow) { // every magnitude is equally likely
      double magnitudes = Math.log((double) latestNanos / mostNanos);
      return (long) (mostNanos * Math.exp(magnitudes * random.nextDouble()));
    }
    return leastNanos + (long) ((mostNanos - leastNanos) * random.nextDouble());
  }

  boolean losesAttempt(Random random) {
    return lostAttempts > 0 && random.nextDouble() < lostAttempts;
  }
}
