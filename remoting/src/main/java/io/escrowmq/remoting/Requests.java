package io.escrowmq.remoting;

import org.jspecify.annotations.Nullable;

/** Who answers the requests that come over connections. Runs on their event loops. */
public interface Requests {

  /** Hands the call to its handler, or answers why not. */
  void dispatch(Call call);

  /**
   * The answer to every request with this code, whatever else it says, so that it need not be read; null
   * when it has to be. A question that changes nothing: it is asked before it is known whether the frame is
   * a request, which takes longer to find out than the question.
   */
  default @Nullable Reply refusalUnread(int code) {
    return null;
  }

  /** A request was answered with such a refusal. */
  default void countRefusedUnread() {}

  /**
   * All requests that came with one read have been dispatched, and their answers are not flushed yet: what
   * handlers put off is done now.
   */
  default void readDone() {}
}
