package io.escrowmq.broker.edge;

import io.escrowmq.broker.core.Change;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import java.util.function.Function;

/** A call that is ruled on by a function that says what to answer. */
public final class CallProposal {

  private final Call call;
  private final Function<Recorder, Reply> ruling;
  private final Runnable afterwards;

  /**
   * @param ruling judges and records on the log loop
   * @param afterwards effects, once it is safe and before the answer; must be quick
   */
  public CallProposal(Call call, Function<Recorder, Reply> ruling, Runnable afterwards) {
    this.call = call;
    this.ruling = ruling;
    this.afterwards = afterwards;
  }

  /** Hands it to the loop, or answers that the broker is busy. */
  public void offerTo(LogLoop loop) {
    new Change<>(ruling, afterwards, new CallOutcome<>(call, Function.identity())).offerTo(loop);
  }
}
