package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.tx.TransactionCoordinator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question about what is in escrow: asked where that is owned, and answered when what it saw is safe,
 * elsewhere, because half-messages are read for it. Used once.
 */
final class TransactionQuery<T> implements Proposal {

  private static final int WEIGHT = 512;

  private final TransactionCoordinator coordinator;
  private final Call call;
  private final Function<TransactionCoordinator, T> question;
  private final Function<T, Reply> answer;
  private final LateAnswers answers;
  private @Nullable T found;

  TransactionQuery(
      TransactionCoordinator coordinator,
      Call call,
      Function<TransactionCoordinator, T> question,
      Function<T, Reply> answer,
      LateAnswers answers) {
    this.coordinator = coordinator;
    this.call = call;
    this.question = question;
    this.answer = answer;
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
      answers.answer(call, () -> answer.apply(what));
    }
  }

  @Override
  public void refuse(String reason) {
    call.reply(Reply.refused(ResponseCode.SYSTEM_ERROR, reason));
  }

  @Override
  public void abandon(String reason) {
    call.reply(Reply.refused(ResponseCode.SERVICE_NOT_AVAILABLE, reason));
  }
}
