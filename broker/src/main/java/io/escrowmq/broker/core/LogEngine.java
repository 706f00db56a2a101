package io.escrowmq.broker.core;

import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueues;

/** The log loop and the flush loop with the workers that turn them: built, started and stopped together. */
public final class LogEngine implements AutoCloseable {

  private static final int MOST_WAITING = 1 << 16; // proposals; one more is answered "busy"
  private static final long MOST_WAITING_BYTES = 64L << 20;

  private final LogLoop logLoop;
  private final Loop syncLoop;
  private final Loop watchLoop;
  private final Worker logWorker;
  private final Worker syncWorker;
  private final Worker watchWorker;

  public LogEngine(
      CommitLog log,
      Appliers appliers,
      ConsumeQueues queues,
      boolean syncBeforeAnswer,
      Arrivals arrivals,
      Surroundings surroundings) {
    Ticker ticker = surroundings.ticker();
    logWorker = surroundings.worker("log-loop");
    watchWorker = surroundings.worker("sync-watch");
    Settlement settlement = Settlement.WRITTEN;
    TimedSync sync;
    if (syncBeforeAnswer) {
      syncWorker = surroundings.worker("flush-loop");
      FlushLoop flushLoop = new FlushLoop(log, ticker, syncWorker, logWorker);
      syncLoop = flushLoop;
      settlement = flushLoop;
      sync = flushLoop.sync();
    } else {
      syncWorker = surroundings.worker("sync-loop");
      BackgroundSync background = new BackgroundSync(log, ticker, logWorker);
      syncLoop = background;
      sync = background.sync();
    }
    watchLoop = new SyncWatch(sync);
    logLoop = new LogLoop(
        log,
        appliers,
        queues,
        surroundings.clock(),
        ticker,
        arrivals,
        settlement,
        new Inbox(MOST_WAITING, MOST_WAITING_BYTES),
        logWorker);
  }

  public LogLoop loop() {
    return logLoop;
  }

  public void start() {
    watchWorker.start(watchLoop);
    syncWorker.start(syncLoop);
    logWorker.start(logLoop);
  }

  /** Finishes what waits, then stops both loops; afterwards the log belongs to the caller. */
  @Override
  public void close() {
    logWorker.close();
    logLoop.stop("the broker is shutting down");
    syncWorker.close();
    watchWorker.close();
  }
}
