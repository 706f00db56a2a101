package io.escrowmq.broker.edge;

import io.escrowmq.broker.core.Change;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers a call with what came of it, or with the refusal's number and words. */
public record CallOutcome<T>(Call call, Function<? super T, Reply> words)
    implements Change.Outcome<T> {

  @Override
  public void done(T result) {
    call.reply(words.apply(result));
  }

  @Override
  public void refused(Refusal why) {
    call.reply(RefusalPage.reply(why));
  }

  /** Answers with what a rule finds at once, or with why it refuses. */
  public static void answer(Call call, Supplier<Reply> rule) {
    Reply reply;
    try {
      reply = rule.get();
    } catch (RefusedException e) {
      reply = RefusalPage.reply(e.refusal());
    }
    call.reply(reply);
  }
}
