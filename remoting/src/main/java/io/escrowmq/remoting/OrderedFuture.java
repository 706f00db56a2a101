package io.escrowmq.remoting;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that comes once and that many wait for, a connection or a route. They are served in the
 * order in which they came, and none that comes later overtakes them; what a {@link
 * java.util.concurrent.CompletableFuture} does with those who wait for it is the reverse. Any thread.
 *
 * @param <T> what is awaited
 */
public final class OrderedFuture<T> {

  private final Queue<BiConsumer<? super @Nullable T, ? super @Nullable Throwable>> waiting =
      new ArrayDeque<>();

  // guarded by this until all are served, then fixed
  private @Nullable T value;
  private @Nullable Throwable failure;
  private boolean settled;
  private volatile boolean served; // none waits any more

  /**
   * Has this done with the value or the failure, one of which is null: at once when it is there and
   * none waits, else after those that came before, by the thread that brings it.
   */
  public void then(BiConsumer<? super @Nullable T, ? super @Nullable Throwable> waiter) {
    if (!served) {
      synchronized (this) {
        if (!served) {
          waiting.add(waiter);
          return;
        }
      }
    }
    waiter.accept(value, failure);
  }

  /** The value, once it is there and none waits for it; null before, and when it failed. */
  public @Nullable T now() {
    return served ? value : null;
  }

  /** It is here; of this and {@link #fail} only the first call counts. */
  public void complete(T come) {
    settle(come, null);
  }

  /** It will not come. */
  public void fail(Throwable why) {
    settle(null, why);
  }

  private void settle(@Nullable T come, @Nullable Throwable why) {
    synchronized (this) {
      if (settled) {
        return;
      }
      settled = true;
      value = come;
      failure = why;
    }
    RuntimeException thrown = null;
    for (var waiter = next(); waiter != null; waiter = next()) {
      try {
        waiter.accept(come, why);
      } catch (RuntimeException e) { // the others are served all the same
        thrown = thrown == null ? e : thrown;
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  private synchronized @Nullable BiConsumer<? super @Nullable T, ? super @Nullable Throwable>
      next() {
    served = waiting.isEmpty();
    return waiting.poll();
  }
}
