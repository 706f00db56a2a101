package io.escrowmq.broker.tx;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Wakeup;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that have to read the log or the index of keys first. They are made on a loop of their own,
 * one at a time: where other answers are given, senders wait for each read. Any thread hands over.
 */
final class LateAnswers implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(LateAnswers.class);

  static final int MOST_WAITING = 256; // one more is refused

  /** Waits for its answer. */
  interface Question {

    /** Whether anybody would still hear the answer. */
    boolean isHeard();

    /** Reads what the answer needs; returns what gives it. */
    Runnable prepare();

    void refused(Refusal why);
  }

  private final BlockingQueue<Question> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Wakeup wakeup;

  /** @param wakeup wakes the worker that turns this loop */
  LateAnswers(Wakeup wakeup) {
    this.wakeup = wakeup;
  }

  /** Has the question answered soon; at once, with a refusal, when too many wait. */
  void answer(Question question) {
    if (waiting.offer(question)) {
      wakeup.wake();
    } else {
      question.refused(new Refusal.AnswersWait(MOST_WAITING));
    }
  }

  @Override
  public int turn() {
    Question next = waiting.poll();
    if (next == null) {
      return 0;
    }
    try {
      if (next.isHeard()) {
        prepareOrRefuse(next).run();
      }
    } catch (RuntimeException | Error e) { // it alone is not answered; the others are not held up
      LOG.error("an answer to a question about transactions could not be given", e);
    }
    return 1;
  }

  // An answer that cannot be made (out of memory, or a record that cannot be read) is one, too.
  private static Runnable prepareOrRefuse(Question next) {
    try {
      return next.prepare();
    } catch (RuntimeException | Error e) {
      LOG.error("a question about transactions cannot be answered", e);
      return () -> next.refused(new Refusal.NotServed("the answer could not be made: " + e));
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
