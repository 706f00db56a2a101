package io.escrowmq.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A world on one thread: its time passes when a test says so, and all that happens in it follows from
 * one seed. What is due at the same moment happens in an order that the seed chooses.
 */
public final class Simulator {

  private static final int MOST_EVENTS = 300_000; // of one run
  private static final long START_NANOS = 1_000_000_000L;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos)
          .thenComparingInt(Event::rank)
          .thenComparing(Event::number));
  private final List<Throwable> failures = new ArrayList<>();
  private final Random random;
  private long nowNanos = START_NANOS;
  private long number;
  private @Nullable Object acting; // a thread of some machine, which has said so

  /** Something that will happen, unless it is cancelled. */
  public static final class Event {

    private final long nanos;
    private final int rank;
    private final long number;
    private final Runnable action;
    private boolean cancelled;

    private Event(long nanos, int rank, long number, Runnable action) {
      this.nanos = nanos;
      this.rank = rank;
      this.number = number;
      this.action = action;
    }

    private long nanos() {
      return nanos;
    }

    private int rank() {
      return rank;
    }

    private long number() {
      return number;
    }

    public void cancel() {
      cancelled = true;
    }
  }

  public Simulator(long seed) {
    this.random = new Random(seed);
  }

  /** The one source of chance of this world. */
  public Random random() {
    return random;
  }

  /** Nanoseconds of this world's own time, which no machine's clock disturbs. */
  public long nanos() {
    return nowNanos;
  }

  /** Has this happen when the time has passed. */
  public Event after(Duration time, Runnable action) {
    return afterNanos(time.toNanos(), action);
  }

  /** Has this happen when so many nanoseconds have passed; 0 is later than what happens now. */
  public Event afterNanos(long nanos, Runnable action) {
    Event event = new Event(nowNanos + Math.max(0, nanos), random.nextInt(), number++, action);
    events.add(event);
    return event;
  }

  /**
   * Lets time pass, with all that is due meanwhile; fails when that is so much that something must be
   * turning for nothing.
   */
  public void run(Duration time) {
    long until = nowNanos + time.toNanos();
    for (int i = 0; !events.isEmpty() && events.peek().nanos <= until; i++) {
      if (i == MOST_EVENTS) {
        throw new IllegalStateException(
            MOST_EVENTS + " events in less than " + time + ": something turns for nothing");
      }
      step();
    }
    nowNanos = Math.max(nowNanos, until); // more has passed when something let time pass by itself
  }

  /** Lets the next thing happen, and moves time to it; false when nothing waits. */
  public boolean step() {
    for (Event next = events.poll(); next != null; next = events.poll()) {
      nowNanos = Math.max(nowNanos, next.nanos);
      if (!next.cancelled) {
        act(null, next.action);
        return true;
      }
    }
    return false;
  }

  /** Does this as this thread of some machine does; time may pass in it, and others act meanwhile. */
  public void act(@Nullable Object thread, Runnable action) {
    Object before = acting;
    acting = thread;
    try {
      action.run();
    } finally {
      acting = before;
    }
  }

  /** Whether what happens now is done by this thread. */
  public boolean isActing(Object thread) {
    return acting == thread;
  }

  /** A machine of its own: clock, loops, chance. */
  public SimulatedMachine machine(String name) {
    return new SimulatedMachine(name, this);
  }

  /** What loops and pools have thrown so far. */
  public List<Throwable> failures() {
    return failures;
  }
}
