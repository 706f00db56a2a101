package io.escrowmq.broker.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The histories of many flows: as many as there are flows. One thread samples; any thread asks.
 * Guarded by itself.
 */
final class FlowHistories {

  private final Flows flows;
  private final Map<Flows.Key, FlowHistory> histories = new HashMap<>();
  private long sampledMillis;

  FlowHistories(Flows flows, long nowMillis) {
    this.flows = flows;
    this.sampledMillis = nowMillis;
  }

  /** Call it every ten seconds; flows that were idle for a day are forgotten. */
  synchronized void sample(long nowMillis) {
    for (Flows.Key key : flows.keys()) {
      FlowHistory history = find(key);
      if (history == null) {
        continue;
      }
      history.sample(nowMillis);
      if (history.isIdle()) {
        flows.forget(key);
        histories.remove(key);
      }
    }
    histories.keySet().retainAll(flows.keys());
    sampledMillis = nowMillis;
  }

  /** Asks a flow's history; null when nothing ever came. */
  synchronized <T> @Nullable T ask(Flows.Key key, Function<FlowHistory, T> question) {
    FlowHistory history = find(key);
    return history == null ? null : question.apply(history);
  }

  // A flow that was not there at the last sample began after it.
  private @Nullable FlowHistory find(Flows.Key key) {
    FlowHistory known = histories.get(key);
    Flow flow = flows.find(key);
    if (flow == null) {
      histories.remove(key); // its topic or group was deleted
      return null;
    }
    if (known != null && known.isOf(flow)) {
      return known;
    }
    FlowHistory begun = new FlowHistory(flow, sampledMillis);
    histories.put(key, begun);
    return begun;
  }
}
