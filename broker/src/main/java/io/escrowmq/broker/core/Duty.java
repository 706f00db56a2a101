package io.escrowmq.broker.core;

/**
 * Work of the log loop that is due by time and not by request: deliveries, offsets, retention. Called by
 * whoever has the loop's turn, and by nobody else.
 */
public interface Duty {

  /** When it wants its next turn; {@code Long.MAX_VALUE} when it has nothing to wait for. */
  long nextMillis();

  /**
   * Does a bounded amount of what is due. Costs what is due, not what is known. When it throws, it
   * is left out for a while and tried again; nobody else notices.
   */
  void onTick(Recorder recorder);
}
