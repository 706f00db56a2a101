package io.escrowmq.broker.core;

import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueues;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The log loop and the flush loop with the threads that turn them: built, started and stopped together. */
public final class LogEngine implements AutoCloseable {

  private static final int MOST_WAITING = 1 << 16; // proposals; one more is answered "busy"
  private static final long MOST_WAITING_BYTES = 64L << 20;

  private final LogLoop logLoop;
  private final LoopThread logThread;
  private final LoopThread syncThread;
  private final LoopThread watchThread;

  public LogEngine(
      CommitLog log,
      Appliers appliers,
      ConsumeQueues queues,
      boolean syncBeforeAnswer,
      Arrivals arrivals,
      InstantSource clock,
      Ticker ticker) {
    Settlement settlement = Settlement.WRITTEN;
    LateWakeup wakeup = new LateWakeup();
    TimedSync sync;
    if (syncBeforeAnswer) {
      FlushLoop flushLoop = new FlushLoop(log, ticker, wakeup);
      this.syncThread = new LoopThread("flush-loop", flushLoop, ticker);
      flushLoop.turnedBy(syncThread);
      settlement = flushLoop;
      sync = flushLoop.sync();
    } else {
      BackgroundSync background = new BackgroundSync(log, ticker, wakeup);
      this.syncThread = new LoopThread("sync-loop", background, ticker);
      sync = background.sync();
    }
    this.watchThread = new LoopThread("sync-watch", new SyncWatch(sync), ticker);
    this.logLoop = new LogLoop(
        log,
        appliers,
        queues,
        clock,
        ticker,
        arrivals,
        settlement,
        new Inbox(MOST_WAITING, MOST_WAITING_BYTES),
        wakeup);
    this.logThread = new LoopThread("log-loop", logLoop, ticker);
    wakeup.thread = logThread;
  }

  public LogLoop loop() {
    return logLoop;
  }

  public void start() {
    watchThread.start();
    syncThread.start();
    logThread.start();
  }

  /** Finishes what waits, then stops both loops; afterwards the log belongs to the caller. */
  @Override
  public void close() {
    logThread.close();
    logLoop.stop("the broker is shutting down");
    syncThread.close();
    watchThread.close();
  }

  private static final class LateWakeup implements Wakeup {

    private volatile @Nullable LoopThread thread;

    @Override
    public void wake() {
      LoopThread woken = thread;
      if (woken != null) {
        woken.wake();
      }
    }
  }
}
