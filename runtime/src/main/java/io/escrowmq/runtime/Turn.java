package io.escrowmq.runtime;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A right that one thread has at a time; it may take it again while it has it. Whoever waits for it does
 * so through the door to threads, so that in a simulation all else goes on meanwhile. Any thread.
 *
 * <p>A release tells one thread of those that wait, the one that has waited longest, and no other. A thread
 * that has not waited may be faster; then its own release tells the next one, so that none is forgotten.
 */
public final class Turn {

  private final Loops loops;
  private final LongSupplier nanos;
  private final AtomicReference<@Nullable Thread> holder = new AtomicReference<>();
  private int times; // that its holder took it
  private final Queue<CompletableFuture<Void>> waiting = new ConcurrentLinkedQueue<>();

  /**
   * @param loops who has threads wait
   * @param nanos of a ticker
   */
  public Turn(Loops loops, LongSupplier nanos) {
    this.loops = loops;
    this.nanos = nanos;
  }

  /** Takes it if no other thread has it. */
  public boolean tryTake() {
    Thread asking = Thread.currentThread();
    if (holder.get() != asking && !holder.compareAndSet(null, asking)) {
      return false;
    }
    times++;
    return true;
  }

  /** Takes it, however long that takes; an interrupt is kept for later. */
  public void take() {
    boolean interrupted = false;
    while (!tryTake()) {
      try {
        awaitRelease(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes it, waiting at most this long; says whether it did. */
  public boolean take(long mostNanos) throws InterruptedException {
    long begun = nanos.getAsLong();
    while (!tryTake()) {
      long left = mostNanos - (nanos.getAsLong() - begun);
      if (left <= 0 || !awaitRelease(left)) {
        return tryTake();
      }
    }
    return true;
  }

  // The caller tries to take it next, unless it was interrupted: then it tells another thread of a
  // release
  // that it was told of.
  private boolean awaitRelease(long mostNanos) throws InterruptedException {
    CompletableFuture<Void> released = new CompletableFuture<>();
    waiting.add(released);
    try {
      if (holder.get() == null) { // since the last try; the release may have found nobody
        return true;
      }
      if (mostNanos < Long.MAX_VALUE) {
        return loops.await(released, mostNanos);
      }
      loops.await(released);
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a release cannot fail", e);
    } catch (InterruptedException e) {
      if (!stopWaiting(released)) {
        passOn();
      }
      throw e;
    } finally {
      stopWaiting(released);
    }
  }

  /** Says whether it was not told of a release. */
  private boolean stopWaiting(CompletableFuture<Void> released) {
    return waiting.removeIf(other -> other == released);
  }

  public boolean isMine() {
    return holder.get() == Thread.currentThread();
  }

  /** Gives it back, once for each time that it was taken. */
  public void release() {
    if (!isMine()) {
      throw new IllegalStateException("another thread has the turn, or none");
    }
    if (--times == 0) {
      holder.set(null);
      passOn();
    }
  }

  private void passOn() {
    CompletableFuture<Void> next = holder.get() == null ? waiting.poll() : null;
    if (next != null) {
      next.complete(null);
    }
  }
}
