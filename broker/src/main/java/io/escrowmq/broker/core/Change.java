package io.escrowmq.broker.core;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request that is seldom enough for a lambda: judged and recorded by a function, whatever protocol it came
 * by. Used once.
 */
public final class Change<T> implements Proposal {

  /** What is told to who asked, once. */
  public interface Outcome<T> {

    /** It is recorded, and as safe as the settings promise. */
    void done(T result);

    void refused(Refusal why);
  }

  private static final int WEIGHT = 512;

  private final Function<Recorder, T> ruling;
  private final Runnable afterwards;
  private final Outcome<? super T> outcome;
  private @Nullable T result;
  private @Nullable Refusal refusal;

  /**
   * @param ruling judges and records on the log loop; throws {@link RefusedException} before it has recorded anything
   * @param afterwards effects, once it is safe and before the answer, unless it was refused; must be quick
   */
  public Change(Function<Recorder, T> ruling, Runnable afterwards, Outcome<? super T> outcome) {
    this.ruling = ruling;
    this.afterwards = afterwards;
    this.outcome = outcome;
  }

  /** Hands it to the loop, or says that the broker is busy. */
  public void offerTo(LogLoop loop) {
    if (!loop.offer(this)) {
      outcome.refused(Refusals.busy(loop));
    }
  }

  @Override
  public int weight() {
    return WEIGHT;
  }

  @Override
  public void rule(Recorder recorder) {
    try {
      result = ruling.apply(recorder);
    } catch (RefusedException e) {
      refusal = e.refusal();
    }
  }

  @Override
  public void settle() {
    T done = result;
    if (done != null) {
      afterwards.run();
      outcome.done(done);
    } else if (refusal != null) {
      outcome.refused(refusal);
    }
  }

  @Override
  public void refuse(String reason) {
    outcome.refused(new Refusal.NotServed(reason));
  }

  @Override
  public void abandon(String reason) {
    outcome.refused(new Refusal.LogStopped(reason));
  }
}
