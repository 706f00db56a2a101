package io.escrowmq.broker.core;

import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.FlushMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loops of a core, turned by the test: what is written is synced when the test says so. */
public final class TurnedEngine {

  private final FlushMode flush;
  private final Surroundings surroundings;
  private @Nullable FlushLoop sync; // of the core that was made last

  public TurnedEngine(FlushMode flush, Surroundings surroundings) {
    this.flush = flush;
    this.surroundings = surroundings;
  }

  /** Makes the engine of one core. */
  public LogEngine.Maker maker() {
    return (log, appliers, queues, arrivals) -> {
      FlushLoop flushLoop =
          new FlushLoop(log, surroundings.ticker(), () -> {}, () -> {}, Settlement.WRITTEN);
      sync = flushLoop;
      LogLoop loop = new LogLoop(
          log,
          appliers,
          queues,
          surroundings,
          new LogListeners(arrivals, () -> {}, why -> {}, () -> null),
          flush == FlushMode.SYNC ? flushLoop : Settlement.WRITTEN,
          new Inbox(1 << 16, 64 << 20));
      return new LogEngine(
          loop,
          surroundings.worker("log"),
          List.of(
              new LogEngine.Turned(flushLoop, surroundings.worker("flush")),
              new LogEngine.Turned(new SyncWatch(flushLoop.sync()), surroundings.worker("watch"))),
          null);
    };
  }

  /** Syncs what was written, and settles it. */
  public void flush() {
    while (sync != null && sync.turn() > 0) {
      // each turn is bounded
    }
  }
}
