package io.escrowmq.broker.edge;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.Refused;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A request that is seldom enough for a lambda: ruled on by a function that says what to answer. */
public final class CallProposal implements Proposal {

  private static final int WEIGHT = 512;

  private final Call call;
  private final Function<Recorder, Reply> ruling;
  private final Runnable afterwards;
  private final BiConsumer<Call, Reply> answering;
  private Reply reply = Reply.ok();

  /**
   * @param ruling judges and records on the log loop
   * @param afterwards effects, once it is safe and before the answer; must be quick
   */
  public CallProposal(Call call, Function<Recorder, Reply> ruling, Runnable afterwards) {
    this(call, ruling, afterwards, Call::reply);
  }

  /**
   * With an answer that may be given later.
   *
   * @param answering answers the call, once and whatever comes; must not block
   */
  public CallProposal(
      Call call,
      Function<Recorder, Reply> ruling,
      Runnable afterwards,
      BiConsumer<Call, Reply> answering) {
    this.answering = answering;
    this.call = call;
    this.ruling = ruling;
    this.afterwards = afterwards;
  }

  /** Hands it to the loop, or answers that the broker is busy. */
  public void offerTo(LogLoop loop) {
    if (!loop.offer(this)) {
      call.reply(RefusalPage.reply(Refusals.busy(loop)));
    }
  }

  @Override
  public int weight() {
    return WEIGHT;
  }

  @Override
  public void rule(Recorder recorder) {
    try {
      reply = ruling.apply(recorder);
    } catch (Refused e) { // before anything was recorded
      reply = RefusalPage.reply(e.refusal());
    }
  }

  @Override
  public void settle() {
    afterwards.run();
    answering.accept(call, reply);
  }

  @Override
  public void refuse(String reason) {
    call.reply(RefusalPage.reply(new Refusal.NotServed(reason)));
  }

  @Override
  public void abandon(String reason) {
    call.reply(RefusalPage.reply(new Refusal.LogStopped(reason)));
  }
}
