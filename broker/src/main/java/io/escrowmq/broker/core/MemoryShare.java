package io.escrowmq.broker.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory all that is kept of one kind takes, about, and how much it may take: what anybody
 * may have the broker keep must not fill the heap. Whoever keeps it counts it; what is in the log
 * already counts, too, and is never refused. Any thread.
 */
public final class MemoryShare {

  private final String what;
  private final long most;
  private final HeapBudget.Kind kind;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param what as in "attributes of topics", for answers
   */
  public MemoryShare(String what, long mostBytes) {
    this(what, mostBytes, HeapBudget.unbounded());
  }

  MemoryShare(String what, long mostBytes, HeapBudget all) {
    this.what = what;
    this.most = mostBytes;
    this.kind = all.kind(used::get);
  }

  /** Whether so much more may be kept; less always may. */
  public boolean hasRoom(long more) {
    return more <= 0 || (used.get() + more <= most && kind.hasRoom(more));
  }

  /** How many bytes are kept, about. */
  public long used() {
    return used.get();
  }

  /** So much more is kept, or less. */
  public void add(long bytes) {
    used.addAndGet(bytes);
  }

  /** Nothing is kept. */
  public void clear() {
    used.set(0);
  }

  /** Why so much more is not kept; for answers. */
  public String refusal(long more) {
    if (used.get() + more <= most) {
      return kind.refusal(more);
    }
    return "the " + what + " take about " + used + " bytes of memory, and " + more
        + " more are too many: they may take " + most
        + ", a part of the broker's heap; delete what nobody needs, or give the broker more memory";
  }
}
