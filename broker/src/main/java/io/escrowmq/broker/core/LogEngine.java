package io.escrowmq.broker.core;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.queue.ConsumeQueues;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The log loop and the flush loop with the workers that turn them: built, started and stopped together. */
public final class LogEngine implements AutoCloseable {

  private static final int MOST_WAITING = 1 << 16; // proposals; one more is answered "busy"
  private static final long MOST_WAITING_BYTES = 64L << 20;

  /** A loop, and who turns it. */
  record Turned(Loop loop, Worker worker) {}

  /**
   * What an answer waits for, beyond that its record is written.
   *
   * @param sync until it is synced
   * @param replicas until enough replicas have it
   * @param safer is told that the log here is safe further than before, should replicas be waited for
   * @param shortage why there are not enough for new messages; null in general
   */
  public record Awaited(
      boolean sync, boolean replicas, Runnable safer, Supplier<@Nullable Refusal> shortage) {

    /** Nobody waits for replicas. */
    public static Awaited here(boolean sync) {
      return new Awaited(sync, false, () -> {}, () -> null);
    }
  }

  /** Makes the engine of a core. */
  @FunctionalInterface
  public interface Maker {

    LogEngine make(CommitLog log, Appliers appliers, ConsumeQueues queues, List<Arrivals> arrivals);
  }

  private final LogLoop logLoop;
  private final Worker logWorker;
  private final List<Turned> others; // in the order in which they end
  private final @Nullable ReplicatedSettlement replicated;

  LogEngine(
      LogLoop logLoop,
      Worker logWorker,
      List<Turned> others,
      @Nullable ReplicatedSettlement replicated) {
    this.logLoop = logLoop;
    this.logWorker = logWorker;
    this.others = List.copyOf(others);
    this.replicated = replicated;
  }

  /**
   * For answers that wait for this.
   *
   * @param whenFailed is told why a log stopped for good because it failed, in its turn
   */
  public static Maker maker(
      Awaited awaited, Surroundings surroundings, Consumer<String> whenFailed) {
    return maker(awaited, surroundings, whenFailed, () -> {});
  }

  /** The same, and tells after each turn that something was written; in the log's turn. */
  public static Maker maker(
      Awaited awaited, Surroundings surroundings, Consumer<String> whenFailed, Runnable written) {
    return (log, appliers, queues, arrivals) -> {
      Ticker ticker = surroundings.ticker();
      Worker logWorker = surroundings.worker("log-loop");
      LogListeners listeners =
          new LogListeners(arrivals, logWorker, whenFailed, awaited.shortage());
      List<Turned> others = new ArrayList<>();
      ReplicatedSettlement replicated = null;
      Settlement last = Settlement.WRITTEN;
      if (awaited.replicas()) {
        log.awaitReplicas();
        replicated = new ReplicatedSettlement(
            log, ticker, surroundings.worker("settle-loop"), awaited.safer(), logWorker);
        last = replicated;
      }
      TimedSync watched;
      if (awaited.sync()) {
        Worker worker = surroundings.worker("flush-loop");
        FlushLoop flush = new FlushLoop(log, ticker, worker, logWorker, last);
        others.add(new Turned(flush, worker));
        watched = flush.sync();
        last = flush;
      } else {
        BackgroundSync sync = new BackgroundSync(log, ticker, logWorker);
        others.add(new Turned(sync, surroundings.worker("sync-loop")));
        watched = sync.sync();
      }
      if (replicated != null) {
        others.add(new Turned(replicated, replicated.worker()));
      }
      others.add(new Turned(new SyncWatch(watched), surroundings.worker("sync-watch")));
      LogLoop loop = new LogLoop(
          log,
          appliers,
          queues,
          surroundings,
          listeners,
          last.andThen(written),
          new Inbox(MOST_WAITING, MOST_WAITING_BYTES));
      return new LogEngine(loop, logWorker, others, replicated);
    };
  }

  public LogLoop loop() {
    return logLoop;
  }

  public void start() {
    others.forEach(one -> one.worker().start(one.loop()));
    logWorker.start(logLoop);
  }

  /** Enough replicas have more than before: what waits for that is settled. Any thread. */
  public void committed() {
    if (replicated != null) {
      replicated.settle();
    }
  }

  /** Finishes what waits, then stops all loops; afterwards the log belongs to the caller. */
  @Override
  public void close() {
    logWorker.close();
    logLoop.stop("the broker is shutting down");
    if (replicated != null) {
      replicated.stop("the broker is shutting down; whether enough replicas have it is not known");
    }
    others.forEach(one -> one.worker().close());
  }
}
