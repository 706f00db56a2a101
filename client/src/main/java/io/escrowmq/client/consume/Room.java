package io.escrowmq.client.consume;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that a consumer keeps of all its queues together. Any thread. */
final class Room {

  private final long most;
  private final AtomicLong used = new AtomicLong();
  private volatile boolean full; // somebody was told that there is none

  Room(long most) {
    this.most = most;
  }

  boolean isThere() {
    if (used.get() < most) {
      return true;
    }
    full = true;
    return used.get() < most; // given back meanwhile, by somebody who did not see the flag
  }

  void take(long bytes) {
    used.addAndGet(bytes);
  }

  /** Says whether those who were told that there is none are to look again. */
  boolean giveBack(long bytes) {
    if (used.addAndGet(-bytes) < most && full) {
      full = false;
      return true;
    }
    return false;
  }
}
