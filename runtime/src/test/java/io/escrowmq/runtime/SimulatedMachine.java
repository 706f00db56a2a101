package io.escrowmq.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One machine of a simulated world. Its clock can be set; it can stand still for a while, as a process
 * does that is stopped; and it can crash, whereupon nothing of it ever runs again.
 */
public final class SimulatedMachine {

  private static final long EPOCH_MILLIS = 1_700_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000; // of a loop that nobody wakes
  private static final int USUAL_TURN_BITS = 14; // a turn waits up to 16 us for its processor

  private final String name;
  private final Simulator world;
  private long setMillis; // the clock differs from the world's time by so much
  private long stillUntilNanos;
  private final List<Runnable> whenCrashed = new ArrayList<>();
  private boolean crashed;
  private int turnBits = USUAL_TURN_BITS;
  private int turns; // that are under way: more than one when time passes in the first

  SimulatedMachine(String name, Simulator world) {
    this.name = name;
    this.world = world;
  }

  public Surroundings surroundings() {
    return new Surroundings(new Clock(), new Ticks(), new TurnedLoops(), new Draws());
  }

  /** Sets the wall clock forward or back; no time passes. */
  public void jump(long byMillis) {
    setMillis += byMillis;
  }

  /** Runs nothing for this time; what is due meanwhile happens afterwards. */
  public void pause(Duration time) {
    stillUntilNanos = Math.max(stillUntilNanos, world.nanos() + time.toNanos());
  }

  /**
   * How long turns wait for a processor: each of 0, 1, 2 ... so many bits of nanoseconds is as likely, so
   * most wait for microseconds, and a few for as long as it gets.
   */
  public void turnsWaitUpTo(int bits) {
    turnBits = bits;
  }

  /** Whether one turn of a worker is under way, in which time may pass: others have theirs meanwhile. */
  public boolean isInATurn() {
    return turns == 1;
  }

  /** Never runs anything again. */
  public void crash() {
    if (!crashed) {
      crashed = true;
      whenCrashed.forEach(Runnable::run);
    }
  }

  /** Has this happen when it crashes: what others see of it, since of itself nothing runs any more. */
  public void onCrash(Runnable action) {
    whenCrashed.add(action);
  }

  public boolean isCrashed() {
    return crashed;
  }

  /** The world that it is part of. */
  public Simulator world() {
    return world;
  }

  /** Has this happen on this machine: later while it stands still, never once it crashed. */
  public Simulator.Event afterNanos(long nanos, Runnable action) {
    return world.afterNanos(nanos, () -> happen(action));
  }

  private void happen(Runnable action) {
    if (crashed) {
      return;
    }
    long still = stillUntilNanos - world.nanos();
    if (still > 0) {
      world.afterNanos(still, () -> happen(action));
    } else {
      run(action);
    }
  }

  /** Has this turn of some loop of this machine happen now. */
  public void turn(Runnable turn) {
    turns++;
    try {
      turn.run();
    } finally {
      turns--;
    }
  }

  private void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      if (!crashed) { // what it does while it dies nobody sees
        throw e;
      }
    }
  }

  /** How long a turn waits for a processor, this time. */
  public long turnNanos() {
    return 1
        + (world.random().nextLong() >>> (Long.SIZE - 1 - world.random().nextInt(turnBits)) >>> 1);
  }

  @Override
  public String toString() {
    return name;
  }

  private final class Clock implements InstantSource {

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(
          EPOCH_MILLIS + setMillis + TimeUnit.NANOSECONDS.toMillis(world.nanos()));
    }
  }

  private final class Ticks implements Ticker {

    @Override
    public long millis() {
      return TimeUnit.NANOSECONDS.toMillis(world.nanos());
    }

    @Override
    public long nanos() {
      return world.nanos();
    }
  }

  private final class Draws implements Chance {

    @Override
    public long next() {
      return world.random().nextLong();
    }

    @Override
    public long secret() {
      return world.random().nextLong();
    }
  }

  private final class TurnedLoops implements Loops {

    @Override
    public Worker worker(String worker, Ticker ticker) {
      return new TurnedLoop(name + " " + worker, ticker);
    }

    @Override
    public Pool pool(String pool, int most, int waiting) {
      return new SimulatedPool();
    }

    @Override
    public <T> T await(CompletableFuture<T> future)
        throws InterruptedException, ExecutionException {
      while (!future.isDone()) {
        step();
      }
      return future.get();
    }

    @Override
    public boolean await(CompletableFuture<?> future, long nanos) {
      AtomicBoolean over = new AtomicBoolean();
      Simulator.Event end = world.afterNanos(nanos, () -> over.set(true));
      while (!future.isDone() && !over.get()) {
        step();
      }
      end.cancel();
      return future.isDone();
    }

    private void step() {
      if (crashed) {
        throw new IllegalStateException(name + " has crashed");
      }
      if (!world.step()) {
        throw new IllegalStateException("nothing happens any more that could end the wait");
      }
    }
  }

  /** What a thread does for its loop, as events. */
  private final class TurnedLoop implements Worker {

    private final String worker;
    private final Ticker ticker;
    private @Nullable Loop loop;
    private Simulator.@Nullable Event next;
    private boolean closed;
    private boolean turning;
    private boolean woken; // while it turned

    TurnedLoop(String worker, Ticker ticker) {
      this.worker = worker;
      this.ticker = ticker;
    }

    @Override
    public void start(Loop turned) {
      if (loop != null) {
        throw new IllegalStateException(worker + " has a loop already");
      }
      loop = turned;
      turnSoon();
    }

    @Override
    public void wake() {
      if (loop != null && !closed) {
        turnSoon();
      }
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      cancel();
      boolean busy = loop != null && !crashed;
      while (busy) {
        busy = loop.turn() > 0;
      }
    }

    private void turnSoon() {
      turnAfter(turnNanos());
    }

    private void turnAfter(long nanos) {
      cancel();
      next = afterNanos(nanos, this::turn);
    }

    private void cancel() {
      if (next != null) {
        next.cancel();
      }
    }

    private void turn() {
      if (closed) {
        return;
      }
      next = null;
      if (turning) { // time passes in it; it has one thread
        woken = true;
        return;
      }
      turning = true;
      woken = false;
      turns++;
      try {
        boolean busy = loop.turn() > 0 || loop.hasWork();
        if (closed) { // by its own turn
          return;
        }
        long idle = Math.min(LONGEST_PAUSE_NANOS, loop.nextNanos() - ticker.nanos());
        if (busy || woken || idle <= 0) {
          turnSoon();
        } else if (next == null) {
          turnAfter(idle);
        }
      } catch (RuntimeException | Error e) {
        if (!crashed) {
          world.failures().add(new IllegalStateException("a turn of " + worker + " failed", e));
          turnAfter(LONGEST_PAUSE_NANOS);
        }
      } finally {
        turning = false;
        turns--;
      }
    }
  }

  /** Each piece of work is an event: it must not wait for what comes later. */
  private final class SimulatedPool implements Pool {

    private boolean closed;

    @Override
    public void execute(Runnable work) {
      if (closed) {
        throw new RejectedExecutionException("the pool is closed");
      }
      afterNanos(turnNanos(), () -> run(work));
    }

    private void run(Runnable work) {
      if (closed) {
        return;
      }
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        if (!crashed) {
          world.failures().add(e);
        }
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
