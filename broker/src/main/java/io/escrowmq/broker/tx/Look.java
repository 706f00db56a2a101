package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Recorder;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.tx.TransactionCoordinator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A question about what is in escrow: asked where that is owned, answered afterwards. Used once. */
final class Look<T> implements Proposal {

  private static final int WEIGHT = 512;

  private final TransactionCoordinator coordinator;
  private final Call call;
  private final Function<TransactionCoordinator, T> question;
  private final Function<T, Reply> answer;
  private @Nullable T found;

  Look(
      TransactionCoordinator coordinator,
      Call call,
      Function<TransactionCoordinator, T> question,
      Function<T, Reply> answer) {
    this.coordinator = coordinator;
    this.call = call;
    this.question = question;
    this.answer = answer;
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
      call.reply(answer(what));
    }
  }

  // An answer that cannot be made (out of memory, or a record that cannot be read) is one, too.
  private Reply answer(T what) {
    try {
      return answer.apply(what);
    } catch (RuntimeException | Error e) {
      return Reply.refused(ResponseCode.SYSTEM_ERROR, "the answer could not be made: " + e);
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
