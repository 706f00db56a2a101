package io.escrowmq.client.consume;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.ThreadStacks;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.body.ConsumerRunning;
import io.escrowmq.remoting.body.ConsumerRunning.QueueRunning;
import io.escrowmq.remoting.body.HandledDirectly;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.message.MessageView;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators get to know of one consumer, and may have it do. Any thread. */
final class Inspection implements ServerRequests.Inspected {

  private final GroupSubscriptions subscriptions;
  private final Map<String, String> properties = new HashMap<>();
  private final Supplier<Map<TopicQueue, QueueRunning>> queues;
  private final @Nullable DirectHandling handling; // null when messages are polled

  /**
   * One consumer's.
   *
   * @param properties more of how it consumes, under the names of {@link ConsumerRunning}
   * @param queues those that it has now, and how each is
   */
  Inspection(
      GroupSubscriptions subscriptions,
      Map<String, String> properties,
      long startedMillis,
      Supplier<Map<TopicQueue, QueueRunning>> queues,
      @Nullable DirectHandling handling) {
    this.subscriptions = subscriptions;
    this.properties.putAll(properties);
    this.properties.put(ConsumerRunning.CONSUME_TYPE, subscriptions.entry().consumeType());
    this.properties.put(ConsumerRunning.STARTED_AT, Long.toString(startedMillis));
    this.queues = queues;
    this.handling = handling;
  }

  @Override
  public Map<MessageQueue, Long> progress(String topic) {
    Map<MessageQueue, Long> progress = new HashMap<>();
    queues.get().forEach((queue, running) -> {
      if (queue.topic().equals(topic) && running.done() >= 0) {
        progress.put(wire(queue), running.done());
      }
    });
    return progress;
  }

  @Override
  public ConsumerRunning running(boolean withStacks) {
    Map<MessageQueue, QueueRunning> all = new HashMap<>();
    queues.get().forEach((queue, running) -> all.put(wire(queue), running));
    return new ConsumerRunning(
        properties,
        subscriptions.entry().subscriptions(),
        all,
        withStacks ? ThreadStacks.text() : null);
  }

  @Override
  public CompletionStage<HandledDirectly> handle(String brokerName, byte[] message) {
    if (handling == null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("it polls its messages, there is no handler here"));
    }
    MessageView view = MessageView.of(message);
    TopicQueue queue = new TopicQueue(view.topic(), brokerName, view.queueId());
    return handling.handle(new StoredDelivery(queue, view));
  }

  private static MessageQueue wire(TopicQueue queue) {
    return new MessageQueue(queue.topic(), queue.brokerName(), queue.queueId());
  }
}
