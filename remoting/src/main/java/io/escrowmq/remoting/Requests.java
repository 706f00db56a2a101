package io.escrowmq.remoting;

/** Who answers the requests that come over connections. Runs on their event loops. */
public interface Requests {

  /** Hands the call to its handler, or answers why not. */
  void dispatch(Call call);

  /**
   * All requests that came with one read have been dispatched, and their answers are not flushed yet: what
   * handlers put off is done now.
   */
  default void readDone() {}
}
