package io.escrowmq.runtime;

/** Tells whoever turns a loop that there is work. Any thread. */
@FunctionalInterface
public interface Wakeup {

  void wake();
}
