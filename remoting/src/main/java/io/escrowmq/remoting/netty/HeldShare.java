package io.escrowmq.remoting.netty;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What one connection has told the budget that it holds: frames that are not dispatched, and answers
 * that its peer has not read. Any thread recounts, since the socket takes bytes without telling; the
 * connection's loop says what came in.
 */
final class HeldShare {

  private static final long UNCOUNTED_BYTES = 4 << 10;

  private final HeldBytes budget;
  private final LongSupplier unread;
  private final AtomicLong told = new AtomicLong();
  private volatile long input;
  private volatile boolean letGo; // holds nothing any more, whatever is still counted

  /** @param unread bytes that wait for the peer now; asked by any thread */
  HeldShare(HeldBytes budget, LongSupplier unread) {
    this.budget = budget;
    this.unread = unread;
  }

  /** What the budget was told. */
  long bytes() {
    return told.get();
  }

  /** Whether a recount may find anything but unread answers. */
  boolean isAny() {
    return told.get() > 0 || input > 0;
  }

  boolean isLetGo() {
    return letGo;
  }

  /** So many bytes of frames are there that are not dispatched. The loop only. */
  void holdInput(long bytes) {
    if (input != bytes) {
      input = bytes;
    }
  }

  /** Tells the budget what has changed; true when it is more. */
  boolean recount() {
    long now = letGo ? 0 : input + unread.getAsLong();
    if (now < UNCOUNTED_BYTES) {
      now = 0;
    }
    long before = told.get();
    if (now == before || (now > 0 && Math.abs(now - before) < UNCOUNTED_BYTES)) {
      return false;
    }
    long more = now - told.getAndSet(now);
    budget.change(more);
    if (now > 0 && letGo) { // meanwhile; nobody else would take it back
      return recount();
    }
    return more > 0;
  }

  /** The connection is closed, or will be at once: nothing of it counts from now on. */
  void letGo() {
    letGo = true;
    recount();
  }
}
