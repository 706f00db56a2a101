package io.escrowmq.client.pull;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that a consumer keeps of all its queues together. Any thread. */
public final class ByteBudget {

  private final long most;
  private final AtomicLong used = new AtomicLong();
  private volatile boolean full; // somebody was told that there is none

  public ByteBudget(long most) {
    this.most = most;
  }

  public boolean hasRoom() {
    if (used.get() < most) {
      return true;
    }
    full = true;
    return used.get() < most; // given back meanwhile, by somebody who did not see the flag
  }

  public void take(long bytes) {
    used.addAndGet(bytes);
  }

  /** Says whether those who were told that there is none are to look again. */
  public boolean giveBack(long bytes) {
    if (used.addAndGet(-bytes) < most && full) {
      full = false;
      return true;
    }
    return false;
  }
}
