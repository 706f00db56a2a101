package io.escrowmq.broker.visible;

import java.util.function.LongSupplier;

/**
 * A figure that records change, as others may see it: never one that a record has made which is not visible
 * yet. Between records that come fast it may lag. The log loop sets it; any thread reads.
 */
public final class VisibleValue<T> {

  private record At<T>(T value, long position) {}

  private final LongSupplier visible;
  // The older one is visible when the newer ones are not. The middle one stays until it is, so that
  // what is
  // shown moves on however fast records come.
  private volatile At<T> shown;
  private volatile At<T> next;
  private volatile At<T> latest;

  /** @param visible up to where the log is */
  public VisibleValue(LongSupplier visible, T first) {
    this.visible = visible;
    this.shown = new At<>(first, -1);
    this.next = shown;
    this.latest = shown;
  }

  /** The value since the record at a position. The log loop only. */
  public void set(T value, long position) {
    At<T> made = new At<>(value, position);
    long end = visible.getAsLong();
    if (latest.position() < end) {
      shown = latest;
      next = made;
    } else if (next.position() < end) {
      shown = next;
      next = latest;
    }
    latest = made;
  }

  /** The newest value that may be seen, or one of a moment ago. Any thread. */
  public T get() {
    long end = visible.getAsLong();
    At<T> found = latest;
    if (found.position() < end) {
      return found.value();
    }
    found = next;
    return found.position() < end ? found.value() : shown.value();
  }
}
