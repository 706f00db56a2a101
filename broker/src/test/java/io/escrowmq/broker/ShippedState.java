package io.escrowmq.broker;

import io.escrowmq.broker.consumer.ClientRegistry;
import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.GroupCatalog;
import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.SegmentAges;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.send.RecentSends;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.tx.Exhausted;
import io.escrowmq.broker.tx.TransactionRequests;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.state.StateFiles;
import java.time.InstantSource;
import java.util.List;

/**
 * The log, the views and the appliers of a broker as it is shipped, for harnesses in other packages:
 * a test must not hold a broker that nobody runs.
 */
public record ShippedState(
    CommitLog log,
    ConsumeQueues queues,
    KeyIndex keys,
    QueueViews queueViews,
    TopicCatalog topics,
    GroupCatalog groups,
    ConsumerOffsets offsets,
    SegmentAges ages,
    UnreadableMessages unreadable,
    DelayedMessages delayed,
    Transactions transactions,
    RecentSends recentSends,
    Appliers appliers,
    List<View> views) {

  /** Opens it as a start does; what a start does in the background is done at once. */
  public static ShippedState open(
      BrokerSettings settings,
      FileSystem files,
      InstantSource clock,
      Ticker ticker,
      long heapBytes) {
    StateFiles states = new StateFiles(files, settings.storeDirectory().resolve("state"));
    return of(BrokerState.open(
        settings, files, states, Runnable::run, TestMachine.at(clock, ticker), heapBytes));
  }

  static ShippedState of(BrokerState state) {
    return new ShippedState(
        state.log,
        state.queues,
        state.keys,
        state.queueViews,
        state.topics,
        state.groups,
        state.offsets,
        state.ages,
        state.unreadable,
        state.delayed,
        state.transactions,
        state.recentSends,
        state.appliers,
        state.views());
  }

  /** What serves its half-messages, with no client and figures that no test reads. */
  TransactionRequests requests(LogLoop loop, ManualClock clock) {
    return requests(
        Exhausted.SUSPEND,
        loop,
        new ClientRegistry(HeapBudget.unbounded()),
        new MetricRegistry(),
        clock,
        clock.ticker());
  }

  /** The same, with what the test holds itself. */
  public TransactionRequests requests(
      Exhausted exhausted,
      LogLoop loop,
      ClientRegistry clients,
      MetricRegistry metrics,
      InstantSource clock,
      Ticker ticker) {
    return new TransactionRequests(new TransactionRequests.Parts(
        transactions,
        exhausted,
        log,
        loop,
        queueViews,
        keys,
        topics,
        ages,
        clients,
        metrics,
        TestLog.STORE_HOST,
        TestMachine.at(clock, ticker)));
  }
}
