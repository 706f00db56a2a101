package io.escrowmq.remoting;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many requests were handled, by what they need permission for, and how long event loops took for
 * them. One in {@value #ONE_IN} is timed: two looks at the clock for each would be felt. Any thread adds;
 * readers see sums that may lag.
 */
public final class RequestCounts {

  /** One in so many is timed. */
  public static final int ONE_IN = 64;

  private static final long UNSEEN = Long.MIN_VALUE;

  private final LongSupplier clock;
  private final Map<Permission, LongAdder> handled = new EnumMap<>(Permission.class);
  private final LongAdder refused = new LongAdder();
  private final LongAdder timed = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /** @param clock in nanoseconds, for spans */
  public RequestCounts(LongSupplier clock) {
    this.clock = clock;
    for (Permission permission : Permission.values()) {
      handled.put(permission, new LongAdder());
    }
  }

  /** A handler begins; answers what {@link #end} is given. */
  long begin(Permission permission) {
    LongAdder count = of(permission);
    count.increment();
    return count.sum() % ONE_IN == 1 ? clock.getAsLong() : UNSEEN;
  }

  /** The handler has returned; not when it failed. */
  void end(long begun) {
    if (begun != UNSEEN) {
      nanos.add(clock.getAsLong() - begun);
      timed.increment();
    }
  }

  void refused() {
    refused.increment();
  }

  private LongAdder of(Permission permission) {
    return Objects.requireNonNull(handled.get(permission));
  }

  /** How many were handed to handlers that need this permission. */
  public long handled(Permission permission) {
    return of(permission).sum();
  }

  /** How many were not let through. */
  public long refusedRequests() {
    return refused.sum();
  }

  /** How many were timed. */
  public long timed() {
    return timed.sum();
  }

  /** What event loops took for those that were timed. */
  public long nanos() {
    return nanos.sum();
  }
}
