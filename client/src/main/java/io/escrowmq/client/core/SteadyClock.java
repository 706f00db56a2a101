package io.escrowmq.client.core;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A wall clock that never runs ahead of the time that has passed since it was made: for the age of rows
 * that are deleted. If the machine's clock leaps by days, rows that are still needed would go; a
 * committed change whose outcome row is gone counts as rolled back. Any thread.
 */
public final class SteadyClock implements InstantSource {

  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private final long firstMillis;
  private final long firstNanos;

  public SteadyClock(InstantSource wall, LongSupplier nanoTime) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.firstMillis = wall.millis();
    this.firstNanos = nanoTime.getAsLong();
  }

  @Override
  public long millis() {
    long passed = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - firstNanos);
    return Math.min(wall.millis(), firstMillis + passed);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }
}
