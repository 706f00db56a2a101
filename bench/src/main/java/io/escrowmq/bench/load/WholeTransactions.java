package io.escrowmq.bench.load;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that each have a session and run one transaction in it after the other. What is sent within a transaction waits for
 * nothing, so the only latency there is is that of the whole.
 */
final class WholeTransactions implements Load {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Sessions sessions;
  private final int threads;
  private final int messagesEach;
  private final Queue<Sessions.Session> idle = new ConcurrentLinkedQueue<>();
  private Tally calls = new Tally();
  private long visibleBefore;

  WholeTransactions(Sessions sessions, int threads, int messagesEach) {
    this.sessions = sessions;
    this.threads = threads;
    this.messagesEach = messagesEach;
  }

  @Override
  public void prepare(long messages, Duration atMost) throws Exception {
    for (int i = 0; i < threads; i++) {
      idle.add(sessions.open());
    }
    run(messages, atMost);
    visibleBefore = sessions.visible();
  }

  @Override
  public Figures measure(long messages, Duration atMost) throws Exception {
    long start = System.nanoTime();
    run(messages, atMost);
    Figures whole = calls.figures(start, messagesEach);
    return whole.withLatencyOf(new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Override
  public Aftermath aftermath(Duration atMost) throws Exception {
    Budget patience = new Budget(0, atMost);
    long visible = sessions.visible();
    while (visible >= 0 && visible < visibleBefore + calls.messages() && !patience.isLate()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      visible = sessions.visible();
    }
    Figures call = calls.figures(0, messagesEach);
    return new Aftermath(
        visible < 0 ? -1 : visible - visibleBefore,
        0,
        0,
        call.p50Micros(),
        call.p99Micros(),
        call.p999Micros());
  }

  @Override
  public void end() {
    sessions.close();
  }

  private void run(long messages, Duration atMost) throws InterruptedException {
    Tally tally = new Tally();
    calls = tally;
    Budget budget = new Budget(messages, atMost);
    Workers.run(threads, () -> {
      Sessions.Session own = idle.remove();
      while (budget.take(messagesEach)) {
        runOne(own, tally);
      }
      idle.add(own);
    });
  }

  private void runOne(Sessions.Session session, Tally tally) {
    long since = System.nanoTime();
    try {
      session.run();
      tally.acknowledged(messagesEach, since, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      tally.failed(messagesEach, e);
    }
  }
}
