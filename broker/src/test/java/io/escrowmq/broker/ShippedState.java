package io.escrowmq.broker;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.GroupCatalog;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.RetentionLimits;
import io.escrowmq.broker.core.SegmentAges;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.metrics.Statistics;
import io.escrowmq.broker.recent.RecentSends;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicRoutes;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.broker.visible.QueueViews;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.state.StateFiles;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A broker's core as it is shipped, for harnesses in other packages: a test must not hold a broker that
 * nobody runs. It is not started; the test turns its loop.
 */
public final class ShippedState {

  final BrokerCore core;

  private ShippedState(BrokerCore core) {
    this.core = core;
  }

  /**
   * Opens it as a start does; what a start does in the background is done at once.
   *
   * @param topicsChanged is run when a change of topics is safe
   */
  public static ShippedState open(
      BrokerSettings settings,
      FileSystem files,
      Surroundings surroundings,
      long heapBytes,
      Runnable topicsChanged,
      LogEngine.Maker engines) {
    StateFiles states = new StateFiles(files, settings.storeDirectory().resolve("state"));
    HeapBudget heap = HeapBudget.of(heapBytes);
    TopicRoutes routes = new TopicRoutes() {
      @Override
      public void topicsChanged() {
        topicsChanged.run();
      }

      @Override
      public CompletionStage<List<String>> spread(TopicVersion version) {
        return NONE.spread(version);
      }
    };
    BrokerHost host = TestCores.host(settings, routes, surroundings, heap);
    return new ShippedState(new CoreRecovery(
            new CorePlan(settings, host, files, states, Runnable::run, surroundings, heap, engines))
        .open(newest -> {}));
  }

  /** The feature of this class. */
  public <F extends Feature> F feature(Class<F> type) {
    return core.store.features().all().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  /** The ground that features stand on. */
  public LogCore logCore() {
    return core.store;
  }

  public Statistics statistics() {
    return core.host().statistics();
  }

  public QueueLocks locks() {
    return core.host().locks();
  }

  public CommitLog log() {
    return core.store.log();
  }

  public LogLoop loop() {
    return core.store.loop();
  }

  public ConsumeQueues queues() {
    return core.store.queues();
  }

  public KeyIndex keys() {
    return core.store.keys();
  }

  public QueueViews queueViews() {
    return core.store.queueViews();
  }

  public TopicCatalog topics() {
    return core.topics.catalog();
  }

  public GroupCatalog groups() {
    return core.groups.catalog();
  }

  public ConsumerOffsets offsets() {
    return core.offsets.offsets();
  }

  public SegmentAges ages() {
    return core.store.ages();
  }

  public RetentionLimits retention() {
    return core.host().settings().retention();
  }

  public UnreadableMessages unreadable() {
    return core.store.unreadable();
  }

  public DelayedMessages delayed() {
    return core.delays.delayed();
  }

  public Transactions transactions() {
    return core.transactions.transactions();
  }

  /** What serves its half-messages. */
  public TransactionFeature transactionFeature() {
    return core.transactions;
  }

  public RecentSends recentSends() {
    return core.sends.recent();
  }

  public List<View> views() {
    return core.upkeep().stored();
  }

  public ClientRegistry clients() {
    return core.host().clients();
  }

  public MetricRegistry metrics() {
    return core.host().metrics();
  }
}
