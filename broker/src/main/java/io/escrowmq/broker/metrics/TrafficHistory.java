package io.escrowmq.broker.metrics;

import io.escrowmq.runtime.Ticker;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * How fast messages came and went of late, and how many there had been at the last two midnights.
 * One thread samples, about once a second; any thread asks. Guarded by itself.
 */
public final class TrafficHistory {

  private static final int KEPT = 601; // samples: ten minutes, one a second

  /** What had been counted at a time: messages stored and delivered, pulls with and without any. */
  public record Counts(long tick, long stored, long delivered, long found, long missed) {

    private static final Counts NONE = new Counts(0, 0, 0, 0, 0);
  }

  private final Traffic traffic;
  private final ZoneId zone;
  private final Ticker ticker;
  private final Counts[] samples = new Counts[KEPT];
  private int newest;
  private int size = 1;
  private LocalDate day;
  private Counts thisMorning = Counts.NONE;
  private Counts yesterdayMorning = Counts.NONE;

  /**
   * @param zone whose midnights
   */
  TrafficHistory(Traffic traffic, ZoneId zone, long nowMillis, Ticker ticker) {
    this.traffic = traffic;
    this.zone = zone;
    this.ticker = ticker;
    this.day = dayOf(nowMillis);
    samples[0] = now();
  }

  synchronized void sample(long nowMillis) {
    newest = (newest + 1) % KEPT;
    size = Math.min(size + 1, KEPT);
    samples[newest] = now();
    LocalDate today = dayOf(nowMillis);
    if (!today.equals(day)) {
      day = today;
      yesterdayMorning = thisMorning;
      thisMorning = samples[newest];
    }
  }

  /** Since the start. */
  public Counts now() {
    return new Counts(
        ticker.millis(),
        traffic.in().messages(),
        traffic.out().messages(),
        traffic.pullsFound(),
        traffic.pullsMissed());
  }

  /** What there had been when this day began; nothing on the day of the start. */
  public synchronized Counts thisMorning() {
    return thisMorning;
  }

  /** What there had been when the day before began. */
  public synchronized Counts yesterdayMorning() {
    return yesterdayMorning;
  }

  /** How many a second, over the last 10, 60 and 600 seconds, as tools show it. */
  public synchronized String rates(ToLongFunction<Counts> what) {
    return String.format(
        Locale.ROOT, "%.2f %.2f %.2f", rate(10, what), rate(60, what), rate(600, what));
  }

  private double rate(int seconds, ToLongFunction<Counts> what) {
    int back = Math.min(seconds, size - 1);
    Counts then = samples[Math.floorMod(newest - back, KEPT)];
    Counts last = samples[newest];
    long millis = last.tick() - then.tick();
    return millis <= 0 ? 0 : (what.applyAsLong(last) - what.applyAsLong(then)) * 1000.0 / millis;
  }

  private LocalDate dayOf(long millis) {
    return Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
  }
}
