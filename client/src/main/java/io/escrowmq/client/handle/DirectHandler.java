package io.escrowmq.client.handle;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.Verdict;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.member.Inspection;
import io.escrowmq.client.pull.StoredDelivery;
import io.escrowmq.remoting.body.HandledDirectly;
import io.escrowmq.remoting.body.HandledDirectly.Result;
import io.escrowmq.remoting.message.MessageView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Messages that an operator wants handled now: before all others that wait, beside their queues. What
 * the handler makes of them is told to the operator and has no other consequence. Any thread.
 */
final class DirectHandler implements Inspection.Handler {

  private static final int MOST_WAITING = 16;

  private final ConsumerParts parts;
  private final boolean inOrder;
  private final Timer timer;
  private final Semaphore room = new Semaphore(MOST_WAITING);

  /**
   * A part of one consumer.
   *
   * @param inOrder whether the consumer handles its queues in order, which these messages do not keep
   */
  DirectHandler(ConsumerParts parts, boolean inOrder, Timer timer) {
    this.parts = parts;
    this.inOrder = inOrder;
    this.timer = timer;
  }

  @Override
  public CompletionStage<HandledDirectly> handle(String brokerName, byte[] message) {
    MessageView view = MessageView.of(message);
    TopicQueue queue = new TopicQueue(view.topic(), brokerName, view.queueId());
    StoredDelivery delivery = new StoredDelivery(queue, view);
    CompletableFuture<HandledDirectly> told = new CompletableFuture<>();
    if (!room.tryAcquire()) {
      told.completeExceptionally(
          new IllegalStateException(MOST_WAITING + " such messages wait already"));
    } else if (!parts.handlers().addNext(() -> handle(delivery, told))) {
      room.release();
      told.completeExceptionally(new IllegalStateException("the consumer is paused or closed"));
    }
    return told;
  }

  private void handle(StoredDelivery delivery, CompletableFuture<HandledDirectly> told) {
    parts.open().begin();
    try {
      told.complete(outcome(delivery));
    } finally {
      told.completeExceptionally( // unless it was told
          new IllegalStateException("the handler ended with an error"));
      room.release();
      parts.open().settle();
    }
  }

  private HandledDirectly outcome(StoredDelivery delivery) {
    long begun = timer.nanoTime();
    try {
      Verdict verdict = parts.handlerCall().handleOrThrow(delivery);
      boolean isDone = verdict.kind() == Verdict.Kind.DONE;
      return new HandledDirectly(
          inOrder,
          isDone ? Result.CR_SUCCESS : Result.CR_LATER,
          isDone ? null : verdict.toString(),
          millisSince(begun));
    } catch (Exception e) {
      return new HandledDirectly(
          inOrder, Result.CR_THROW_EXCEPTION, e.toString(), millisSince(begun));
    }
  }

  private long millisSince(long nanos) {
    return (timer.nanoTime() - nanos) / 1_000_000;
  }
}
