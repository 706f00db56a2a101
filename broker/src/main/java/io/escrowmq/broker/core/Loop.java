package io.escrowmq.broker.core;

/** An object that does bounded work when it is its turn. Who calls, and on what thread, is not its business. */
public interface Loop {

  /** One turn. Returns how many things were moved; 0 when idle. */
  int turn();

  /** True when a turn would find something that did not wait before. */
  boolean hasWork();

  /** The time of the next turn that nobody has to ask for; {@code Long.MAX_VALUE} when there is none. */
  long nextMillis();
}
