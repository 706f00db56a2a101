package io.escrowmq.client.core;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when a test says so; duties run on the test's thread. */
public final class ManualTimer implements Timer {

  private final PriorityQueue<Duty> duties =
      new PriorityQueue<>(Comparator.comparingLong(Duty::dueNanos).thenComparingLong(Duty::number));
  private long nowNanos = 1_000_000_000L;
  private long number;

  private record Duty(long dueNanos, long number, Runnable duty) {}

  @Override
  public synchronized long nanoTime() {
    return nowNanos;
  }

  @Override
  public synchronized long millis() {
    return 1_700_000_000_000L + nowNanos / 1_000_000;
  }

  @Override
  public long steadyMillis() {
    return millis();
  }

  @Override
  public synchronized TimerEntry after(Duration delay, Runnable duty) {
    Duty waiting = new Duty(nowNanos + Math.max(0, delay.toNanos()), number++, duty);
    duties.add(waiting);
    return () -> cancel(waiting);
  }

  private synchronized void cancel(Duty duty) {
    duties.remove(duty);
  }

  /** How many duties wait. */
  public synchronized int waiting() {
    return duties.size();
  }

  /** Lets time pass, and what is due meanwhile run, each at its own moment. */
  public void advance(Duration time) {
    long until = nanoTime() + time.toNanos();
    for (Duty due = next(until); due != null; due = next(until)) {
      due.duty().run();
    }
    synchronized (this) {
      nowNanos = until;
    }
  }

  private synchronized Duty next(long until) {
    Duty first = duties.peek();
    if (first == null || first.dueNanos() > until) {
      return null;
    }
    nowNanos = Math.max(nowNanos, first.dueNanos());
    return duties.remove();
  }
}
