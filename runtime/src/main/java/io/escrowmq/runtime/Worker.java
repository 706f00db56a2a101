package io.escrowmq.runtime;

/**
 * Turns one loop: at once when woken, and when the loop's own time comes. It can be woken before it has
 * a loop, so that a loop and those who wake it can be built in any order.
 */
public interface Worker extends Wakeup, AutoCloseable {

  /** Turns this loop from now on. Once. */
  void start(Loop loop);

  /**
   * Lets the loop finish what waits, then turns it no more. Blocks until then, unless a turn of this
   * very loop closes it.
   */
  @Override
  void close();
}
