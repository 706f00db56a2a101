package io.escrowmq.broker.core;

/** Tells whoever turns a loop that there is work. Any thread. */
@FunctionalInterface
public interface Wakeup {

  void wake();
}
