package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.tx.TransactionCoordinator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question about what is in escrow: asked where that is owned, and answered when what it saw is safe,
 * elsewhere, because half-messages are read for it. Used once.
 */
final class TransactionQuery<T> implements Proposal {

  /** Who asks. */
  interface Asker<T> {

    boolean isHeard();

    /** Makes the answer; returns what gives it. */
    Runnable prepare(T found);

    void refused(Refusal why);
  }

  private static final int WEIGHT = 512;

  private final TransactionCoordinator coordinator;
  private final Function<TransactionCoordinator, T> question;
  private final Asker<T> asker;
  private final LateAnswers answers;
  private @Nullable T found;

  TransactionQuery(
      TransactionCoordinator coordinator,
      Function<TransactionCoordinator, T> question,
      Asker<T> asker,
      LateAnswers answers) {
    this.coordinator = coordinator;
    this.question = question;
    this.asker = asker;
    this.answers = answers;
  }

  @Override
  public int weight() {
    return WEIGHT;
  }

  @Override
  public void rule(Recorder recorder) {
    found = question.apply(coordinator);
  }

  @Override
  public void settle() {
    T what = found;
    if (what != null) {
      answers.answer(new Late(what));
    }
  }

  private final class Late implements LateAnswers.Question {

    private final T what;

    Late(T what) {
      this.what = what;
    }

    @Override
    public boolean isHeard() {
      return asker.isHeard();
    }

    @Override
    public Runnable prepare() {
      return asker.prepare(what);
    }

    @Override
    public void refused(Refusal why) {
      asker.refused(why);
    }
  }

  @Override
  public void refuse(String reason) {
    asker.refused(new Refusal.NotServed(reason));
  }

  @Override
  public void abandon(String reason) {
    asker.refused(new Refusal.LogStopped(reason));
  }
}
