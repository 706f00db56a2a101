package io.escrowmq.broker.core;

import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueues;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

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

  LogEngine(
      LogLoop logLoop,
      Worker logWorker,
      Loop syncLoop,
      Worker syncWorker,
      Loop watchLoop,
      Worker watchWorker) {
    this.logLoop = logLoop;
    this.logWorker = logWorker;
    this.syncLoop = syncLoop;
    this.syncWorker = syncWorker;
    this.watchLoop = watchLoop;
    this.watchWorker = watchWorker;
  }

  /** Makes the engine of a core. */
  @FunctionalInterface
  public interface Maker {

    LogEngine make(CommitLog log, Appliers appliers, ConsumeQueues queues, List<Arrivals> arrivals);
  }

  /**
   * For answers that wait until their record is synced, or is written only.
   *
   * @param whenFailed is told why a log stopped for good because it failed, in its turn
   */
  public static Maker maker(
      boolean syncBeforeAnswer, Surroundings surroundings, Consumer<String> whenFailed) {
    return maker(syncBeforeAnswer, surroundings, whenFailed, () -> {});
  }

  /** The same, and tells after each turn that something was written; in the log's turn. */
  public static Maker maker(
      boolean syncBeforeAnswer,
      Surroundings surroundings,
      Consumer<String> whenFailed,
      Runnable written) {
    return (log, appliers, queues, arrivals) -> {
      Ticker ticker = surroundings.ticker();
      Worker logWorker = surroundings.worker("log-loop");
      Worker watchWorker = surroundings.worker("sync-watch");
      Inbox inbox = new Inbox(MOST_WAITING, MOST_WAITING_BYTES);
      LogListeners listeners = new LogListeners(arrivals, logWorker, whenFailed);
      Function<Settlement, LogLoop> loop = settlement -> new LogLoop(
          log, appliers, queues, surroundings, listeners, settlement.andThen(written), inbox);
      if (syncBeforeAnswer) {
        Worker worker = surroundings.worker("flush-loop");
        FlushLoop sync = new FlushLoop(log, ticker, worker, logWorker);
        return new LogEngine(
            loop.apply(sync), logWorker, sync, worker, new SyncWatch(sync.sync()), watchWorker);
      }
      Worker worker = surroundings.worker("sync-loop");
      BackgroundSync sync = new BackgroundSync(log, ticker, logWorker);
      return new LogEngine(
          loop.apply(Settlement.WRITTEN),
          logWorker,
          sync,
          worker,
          new SyncWatch(sync.sync()),
          watchWorker);
    };
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
