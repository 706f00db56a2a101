package io.escrowmq.broker.intake;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.delay.DelayBound;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.visible.QueueViews;
import org.jspecify.annotations.Nullable;

/** The one way into the log for messages, whoever sends them. Any thread. */
public final class MessageIntake {

  private final LogLoop loop;
  private final QueueViews queues;
  private final TopicCatalog topics;
  private final DelayBound delayBound;

  public MessageIntake(
      LogLoop loop, QueueViews queues, TopicCatalog topics, DelayBound delayBound) {
    this.loop = loop;
    this.queues = queues;
    this.topics = topics;
    this.delayBound = delayBound;
  }

  /** Why messages would be refused now, whatever they are; before the work of preparing them. */
  public @Nullable Refusal refusal() {
    return loop.refusal();
  }

  /** Hands over messages that need no check for duplicates. */
  public void offer(
      String topic,
      @Nullable Topic toCreate,
      int queueId,
      EncodedMessages messages,
      long dueMillis,
      MessageAppend.Outcome outcome) {
    offer(topic, toCreate, queueId, messages, dueMillis, Once.no(), outcome);
  }

  /**
   * Hands encoded messages to the log loop; the outcome is told once, there or here.
   *
   * @param toCreate the topic to create if it is not there; null when it must be
   * @param dueMillis when they become visible; 0 at once
   */
  public void offer(
      String topic,
      @Nullable Topic toCreate,
      int queueId,
      EncodedMessages messages,
      long dueMillis,
      Once once,
      MessageAppend.Outcome outcome) {
    Destination destination = new Destination(topics, topic, toCreate);
    Recording recording = dueMillis > 0
        ? new Recording.UntilDue(dueMillis, queueId, messages, delayBound)
        : new Recording.Visible(queues, topic, queueId, messages);
    new MessageAppend(destination, messages, recording, once, outcome).offerTo(loop);
  }
}
