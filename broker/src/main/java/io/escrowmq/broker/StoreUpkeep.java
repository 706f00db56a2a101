package io.escrowmq.broker;

import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.SealingDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.WitnessDuty;
import io.escrowmq.runtime.Periodic;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.View;
import io.escrowmq.store.state.StateFiles;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Keeps the store in order: writes state files, lets old segments go, records again what is still in
 * escrow there, and makes damaged parts of queues and keys anew.
 */
final class StoreUpkeep implements Feature {

  private static final long REBUILD_MILLIS = 1_000; // what is damaged waits so long

  private final LogCore core;
  private final List<View> views;
  private final List<EscrowedMessages> holds;
  private final StateKeeper states;
  private final RetentionDuty retention;
  private final Worker stateWorker;
  private final Worker rebuildWorker;
  private boolean isFollowing;

  /**
   * @param features those whose state is made of the log, in the order of their views
   * @param segmentBytes of the log
   */
  StoreUpkeep(LogCore core, StateFiles files, List<Feature> features, int segmentBytes) {
    this.core = core;
    views = features.stream().flatMap(feature -> feature.views().stream()).toList();
    holds = features.stream().flatMap(feature -> feature.holds().stream()).toList();
    states = new StateKeeper(core.log(), files, views, core.surroundings().ticker(), segmentBytes);
    retention = new RetentionDuty(
        core.log(),
        core.queues(),
        core.keys(),
        states,
        core.ages(),
        new EscrowRenewal(core.log(), holds));
    stateWorker = core.surroundings().worker("state-loop");
    rebuildWorker = core.surroundings().worker("rebuild-loop");
  }

  /** What a state file holds, in this order. */
  List<View> stored() {
    return views;
  }

  /** All that is durable and in no queue yet. */
  List<EscrowedMessages> held() {
    return holds;
  }

  StateKeeper states() {
    return states;
  }

  /** Operators change its limits. */
  RetentionDuty retention() {
    return retention;
  }

  @Override
  public List<Duty> duties() {
    return List.of(states, retention, new WitnessDuty(core.log()), new SealingDuty(core.queues()));
  }

  @Override
  public void start() {
    IndexCheck check = new IndexCheck(
        core.queues(), core.keys(), core.lost(), core.surroundings().ticker());
    QueueRebuild queues = new QueueRebuild(core.log(), core.queues());
    KeyRebuild keys = new KeyRebuild(core.log(), core.keys());
    Runnable rebuild = () -> {
      check.onTick();
      queues.onTick();
      keys.onTick();
    };
    if (isFollowing) {
      states.lead();
    } else {
      stateWorker.start(states.writer());
    }
    rebuildWorker.start(
        new Periodic(rebuild, REBUILD_MILLIS, core.surroundings().ticker()));
  }

  /**
   * Writes state files from now on, and does nothing else until it is started: of a copy.
   *
   * @param applied up to where the views have the log
   */
  void follow(LongSupplier applied) {
    isFollowing = true;
    states.follow(applied);
    stateWorker.start(states.writer());
  }

  @Override
  public void stop() {
    rebuildWorker.close();
  }

  /** The state that is there is of a log that ends elsewhere now: it is not written. */
  void abandon() {
    stateWorker.close();
  }

  /** When nothing is recorded any more: the last state file. */
  void close() {
    stateWorker.close();
    states.writeLast();
  }
}
