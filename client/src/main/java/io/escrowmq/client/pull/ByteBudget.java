package io.escrowmq.client.pull;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that a consumer keeps of all its queues together. Any thread. */
public final class ByteBudget {

  private final long most;
  private final AtomicLong used = new AtomicLong();
  private volatile boolean full; // a queue was told that there is no room

  public ByteBudget(long most) {
    this.most = most;
  }

  public boolean hasRoom() {
    if (used.get() < most) {
      return true;
    }
    full = true;
    return used.get() < most; // bytes that came back before the flag was set
  }

  public void take(long bytes) {
    used.addAndGet(bytes);
  }

  /** True if queues that were told that there is no room should look again. */
  public boolean giveBack(long bytes) {
    if (used.addAndGet(-bytes) < most && full) {
      full = false;
      return true;
    }
    return false;
  }
}
