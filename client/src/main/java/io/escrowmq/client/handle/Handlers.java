package io.escrowmq.client.handle;

import io.escrowmq.client.core.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Has waiting work done by a limited number of threads, at a limited rate. A thread that finds nothing
 * more to do goes back to the executor. Any thread; state is guarded by this.
 */
final class Handlers {

  private static final int MOST_AT_ONCE = 16;

  /** One message to be handled. */
  interface Work {

    /** Handles it, on a thread of the executor; throws nothing that others could mend. */
    void run();
  }

  private final Executor threads;
  private final Timer timer;
  private final int concurrency;
  private final RateLimit rate;

  // bounded by the queues' limits, and by DirectHandler's
  private final ArrayDeque<Work> waiting = new ArrayDeque<>();
  private int running; // threads that were asked for and have not ended
  private boolean paused;
  private boolean closed;
  private boolean slowed; // the timer will go on

  Handlers(Executor threads, Timer timer, int concurrency, RateLimit rate) {
    this.threads = threads;
    this.timer = timer;
    this.concurrency = concurrency;
    this.rate = rate;
  }

  void add(Work work) {
    add(List.of(work));
  }

  void add(List<? extends Work> works) {
    synchronized (this) {
      if (closed) {
        return;
      }
      waiting.addAll(works);
    }
    startOneMore();
  }

  /** Adds before all that waits, unless nothing is begun now; says whether it did. */
  boolean addNext(Work work) {
    synchronized (this) {
      if (paused || closed) {
        return false;
      }
      waiting.addFirst(work);
    }
    startOneMore();
    return true;
  }

  /** Adds from within other work: the thread that runs it will come to this too, no other need. */
  synchronized void addByWork(Work work) {
    if (!closed) {
      waiting.add(work);
    }
  }

  synchronized void pause() {
    paused = true;
  }

  void resume() {
    int more;
    synchronized (this) {
      paused = false;
      more = Math.min(concurrency, waiting.size());
    }
    for (int i = 0; i < more; i++) {
      startOneMore();
    }
  }

  /** Nothing that waits is begun any more. */
  synchronized void close() {
    closed = true;
    waiting.clear();
  }

  private void startOneMore() {
    synchronized (this) {
      if (waiting.isEmpty() || running >= concurrency || paused || slowed || closed) {
        return;
      }
      running++;
    }
    threads.execute(this::work);
  }

  private void work() {
    ArrayDeque<Work> mine = new ArrayDeque<>();
    boolean ended = false;
    try {
      while (takeSome(mine)) {
        startOneMore(); // each thread sees to the next one, as long as there is work
        while (!mine.isEmpty() && mayBegin()) {
          mine.remove().run();
        }
        giveBack(mine);
      }
      ended = true;
    } finally {
      if (!ended) { // an error of the application's: this thread ends, its place does not
        giveBack(mine);
        synchronized (this) {
          running--;
        }
        startOneMore();
      }
    }
  }

  private synchronized boolean mayBegin() {
    return !paused && !closed;
  }

  private synchronized void giveBack(ArrayDeque<Work> taken) {
    while (!taken.isEmpty() && !closed) {
      waiting.addFirst(taken.removeLast());
    }
    taken.clear();
  }

  /** Takes what a thread does next; takes nothing when it is to end, which is counted here. */
  private synchronized boolean takeSome(ArrayDeque<Work> mine) {
    if (waiting.isEmpty() || paused || slowed || closed) {
      running--;
      return false;
    }
    long wait = rate.take(timer.nanoTime());
    if (wait > 0) {
      running--;
      slowed = true;
      timer.after(Duration.ofNanos(wait), this::goOn);
      return false;
    }
    // a share of what waits, so that threads meet less often; one by one when the rate matters
    int share =
        rate.isUnlimited() ? Math.min(MOST_AT_ONCE, 1 + waiting.size() / (2 * concurrency)) : 1;
    for (int i = 0; i < share; i++) {
      mine.add(waiting.remove());
    }
    return true;
  }

  private void goOn() {
    synchronized (this) {
      slowed = false;
    }
    startOneMore();
  }
}
