package io.escrowmq.client.core;

import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop that runs duties when they are due, turned by one worker. */
public final class LoopTimer implements Timer, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LoopTimer.class);

  private record Duty(long dueNanos, long number, Runnable action) {}

  private final Surroundings machine;
  private final SteadyClock steady;
  private final Worker worker;

  // Guarded by this object; bounded by what asks for duties.
  private final TreeSet<Duty> duties =
      new TreeSet<>(Comparator.comparingLong(Duty::dueNanos).thenComparingLong(Duty::number));
  private long number;
  private boolean closed;

  public LoopTimer(Surroundings machine, String workerName) {
    this.machine = machine;
    this.steady = new SteadyClock(machine.clock(), machine.ticker()::nanos);
    this.worker = machine.worker(workerName);
    worker.start(new Due());
  }

  @Override
  public long nanoTime() {
    return machine.ticker().nanos();
  }

  @Override
  public long millis() {
    return machine.clock().millis();
  }

  @Override
  public long steadyMillis() {
    return steady.millis();
  }

  @Override
  public TimerEntry after(Duration delay, Runnable action) {
    Duty duty;
    boolean isFirst;
    synchronized (this) {
      if (closed) {
        return () -> {};
      }
      duty = new Duty(nanoTime() + Math.max(0, delay.toNanos()), number++, action);
      duties.add(duty);
      isFirst = duties.first().number == duty.number;
    }
    if (isFirst) {
      worker.wake();
    }
    return () -> cancel(duty);
  }

  private synchronized void cancel(Duty duty) {
    duties.remove(duty);
  }

  /** Drops what waits; waits for what runs, unless that is what closes. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      duties.clear();
    }
    worker.close();
  }

  private synchronized @Nullable Duty next() {
    boolean isDue = !duties.isEmpty() && duties.first().dueNanos <= nanoTime();
    return isDue ? duties.pollFirst() : null;
  }

  private final class Due implements Loop {

    @Override
    public int turn() {
      Duty duty = next();
      if (duty == null) {
        return 0;
      }
      try {
        duty.action.run();
      } catch (RuntimeException | Error e) { // the next one is as good as any
        LOG.error("a duty of the client failed", e);
      }
      return 1;
    }

    @Override
    public boolean hasWork() {
      return false;
    }

    @Override
    public long nextMillis() {
      return Math.floorDiv(nextNanos(), 1_000_000L);
    }

    @Override
    public long nextNanos() {
      synchronized (LoopTimer.this) {
        return duties.isEmpty() ? Long.MAX_VALUE : duties.first().dueNanos;
      }
    }
  }
}
