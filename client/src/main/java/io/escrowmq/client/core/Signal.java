package io.escrowmq.client.core;

import io.escrowmq.runtime.Loops;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads wait until something holds that others bring about. They wait through the door to
 * threads, so that in a simulation all else goes on meanwhile. Any thread.
 */
public final class Signal {

  private final Loops loops;
  private final Timer timer;

  /** Completed by the next change; null while no thread waits. */
  private final AtomicReference<@Nullable CompletableFuture<Void>> next = new AtomicReference<>();

  public Signal(Loops loops, Timer timer) {
    this.loops = loops;
    this.timer = timer;
  }

  /** Has all that wait look again; one volatile read while there are none. */
  public void raise() {
    CompletableFuture<Void> change = next.get();
    if (change != null && next.compareAndSet(change, null)) {
      change.complete(null);
    }
  }

  /**
   * Waits until the condition holds, at most until the deadline; says whether it does.
   *
   * @param condition is looked at by this thread; whatever may make it true must {@link #raise} then
   */
  public boolean await(BooleanSupplier condition, long deadlineNanos) throws InterruptedException {
    while (true) {
      CompletableFuture<Void> change = change(); // before the look: no change comes between
      if (condition.getAsBoolean()) {
        return true;
      }
      long left = deadlineNanos - timer.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (!loops.await(change, left)) {
        return condition.getAsBoolean();
      }
    }
  }

  private CompletableFuture<Void> change() {
    CompletableFuture<Void> known = next.get();
    while (known == null) {
      CompletableFuture<Void> fresh = new CompletableFuture<>();
      known = next.compareAndSet(null, fresh) ? fresh : next.get();
    }
    return known;
  }
}
