package io.escrowmq.broker.tx;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Wakeup;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that have to read the log or the index of keys first. They are made on a loop of their own,
 * one at a time: where other answers are given, senders wait for each read. Any thread hands over.
 */
final class LateAnswers implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(LateAnswers.class);

  static final int MOST_WAITING = 256; // one more is refused

  private record Waiting(Call call, Supplier<Reply> answer) {}

  private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Wakeup wakeup;

  /** @param wakeup wakes the worker that turns this loop */
  LateAnswers(Wakeup wakeup) {
    this.wakeup = wakeup;
  }

  /** Has the call answered soon; at once, with a refusal, when too many wait. */
  void answer(Call call, Supplier<Reply> answer) {
    if (waiting.offer(new Waiting(call, answer))) {
      wakeup.wake();
    } else {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_BUSY,
          "[OVERLOAD] " + MOST_WAITING + " questions about transactions wait for their answers,"
              + " which are read from the disk; ask less often or try again"));
    }
  }

  @Override
  public int turn() {
    Waiting next = waiting.poll();
    if (next == null) {
      return 0;
    }
    try {
      if (next.call().connection().isOpen()) {
        next.call().reply(answerOrRefusal(next));
      }
    } catch (RuntimeException | Error e) { // it alone is not answered; the others are not held up
      LOG.error("an answer to a question about transactions could not be given", e);
    }
    return 1;
  }

  // An answer that cannot be made (out of memory, or a record that cannot be read) is one, too.
  private static Reply answerOrRefusal(Waiting next) {
    try {
      return next.answer().get();
    } catch (RuntimeException | Error e) {
      LOG.error("a question about transactions cannot be answered", e);
      return Reply.refused(ResponseCode.SYSTEM_ERROR, "the answer could not be made: " + e);
    }
  }

  @Override
  public boolean hasWork() {
    return !waiting.isEmpty();
  }

  @Override
  public long nextMillis() {
    return Long.MAX_VALUE;
  }
}
