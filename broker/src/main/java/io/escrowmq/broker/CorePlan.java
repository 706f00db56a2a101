package io.escrowmq.broker;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.state.StateFiles;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What a core is made from, each time that it is opened.
 *
 * @param background does what takes long and nobody waits for
 * @param heap what the process may take; the sizes of the views follow from it
 * @param engines makes what turns the log
 */
record CorePlan(
    BrokerSettings settings,
    BrokerHost host,
    FileSystem files,
    StateFiles states,
    Executor background,
    Surroundings surroundings,
    HeapBudget heap,
    LogEngine.Maker engines) {

  /**
   * With the engine that the settings ask for.
   *
   * @param whenFailed is told why a core's log stopped for good, in the log's turn
   */
  static CorePlan of(
      BrokerSettings settings,
      BrokerHost host,
      FileSystem files,
      StateFiles states,
      Executor background,
      Surroundings surroundings,
      HeapBudget heap,
      Consumer<String> whenFailed) {
    return new CorePlan(
        settings,
        host,
        files,
        states,
        background,
        surroundings,
        heap,
        LogEngine.maker(
            LogEngine.Awaited.here(settings.flush() == FlushMode.SYNC), surroundings, whenFailed));
  }
}
