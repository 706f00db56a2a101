package io.escrowmq.broker.delay;

import io.escrowmq.broker.core.Appliers;
import io.escrowmq.broker.core.Duty;
import io.escrowmq.broker.core.EscrowedMessages;
import io.escrowmq.broker.core.Feature;
import io.escrowmq.broker.core.LogCore;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.View;
import java.util.List;

/** Delayed messages: they wait in the log, and become visible when they are due. */
public final class DelayFeature implements Feature {

  private final DelayedMessages delayed;
  private final DelayBound bound;

  /** @param heapBytes what the process may take; how many messages may wait follows from it */
  public DelayFeature(LogCore core, TopicCatalog topics, long heapBytes) {
    delayed = new DelayedMessages(
        core.log(),
        core.queueViews(),
        topics::holds,
        core.ages(),
        core.unreadable(),
        core.surroundings().ticker());
    bound = DelayBound.forHeap(delayed::waiting, heapBytes, core.heap());
  }

  public DelayedMessages delayed() {
    return delayed;
  }

  /** How many more may wait. */
  public DelayBound bound() {
    return bound;
  }

  @Override
  public void applyBy(Appliers appliers) {
    appliers.on(RecordKind.DELAYED, delayed::applyDelayed);
    appliers.on(RecordKind.DELIVERY, delayed::applyDelivery);
  }

  @Override
  public List<View> views() {
    return List.of(delayed);
  }

  @Override
  public List<EscrowedMessages> holds() {
    return List.of(delayed);
  }

  @Override
  public List<Duty> duties() {
    return List.of(delayed);
  }
}
