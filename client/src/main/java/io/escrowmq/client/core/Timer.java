package io.escrowmq.client.core;

import java.time.Duration;

/**
 * The client's only door to time.
 *
 * <p>The caller may ask from any thread; a duty must be short and must not block. The implementation
 * runs duties one at a time, on one thread of its own, in the order in which they are due.
 */
public interface Timer {

  /** Nanoseconds since some moment; only differences mean something. */
  long nanoTime();

  /** Milliseconds since 1970, as the machine's clock has them. */
  long millis();

  /** The same, but never ahead of the time that really passed: for the age of what is deleted. */
  long steadyMillis();

  /** Has the duty run once, when the delay has passed; never, if this timer is closed before. */
  TimerEntry after(Duration delay, Runnable duty);

  /** A duty that waits for its time. */
  interface TimerEntry {

    /** It will not run, unless it has begun. */
    void cancel();
  }
}
