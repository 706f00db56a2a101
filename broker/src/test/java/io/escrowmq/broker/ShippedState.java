package io.escrowmq.broker;

import io.escrowmq.broker.consumer.ConsumerOffsets;
import io.escrowmq.broker.consumer.GroupCatalog;
import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.QueueViews;
import io.escrowmq.broker.core.SegmentAges;
import io.escrowmq.broker.core.Ticker;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.send.RecentSends;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.tx.Transactions;
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
    BrokerState state =
        BrokerState.open(settings, files, states, Runnable::run, clock, ticker, heapBytes);
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
}
