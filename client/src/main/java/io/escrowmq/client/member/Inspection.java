package io.escrowmq.client.member;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.ThreadStacks;
import io.escrowmq.client.route.ServerRequests;
import io.escrowmq.remoting.body.ConsumerState;
import io.escrowmq.remoting.body.ConsumerState.QueueState;
import io.escrowmq.remoting.body.HandledDirectly;
import io.escrowmq.remoting.body.MessageQueue;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators get to know of one consumer, and may have it do. Any thread. */
public final class Inspection implements ServerRequests.InspectionSource {

  /** Handles single messages that operators bring. */
  public interface Handler {

    /**
     * Has the message handled soon, or fails at once.
     *
     * @param brokerName has the message
     * @param message as it is stored
     */
    CompletionStage<HandledDirectly> handle(String brokerName, byte[] message);
  }

  private final GroupSubscriptions subscriptions;
  private final Map<String, String> properties = new HashMap<>();
  private final Supplier<Map<TopicQueue, QueueState>> queues;
  private final @Nullable Handler handler; // null when messages are polled

  /**
   * One consumer's.
   *
   * @param properties more of how it consumes, under the names of {@link ConsumerState}
   * @param queues those that it has now, and how each is
   */
  public Inspection(
      GroupSubscriptions subscriptions,
      Map<String, String> properties,
      long startedMillis,
      Supplier<Map<TopicQueue, QueueState>> queues,
      @Nullable Handler handler) {
    this.subscriptions = subscriptions;
    this.properties.putAll(properties);
    this.properties.put(ConsumerState.CONSUME_TYPE, subscriptions.entry().consumeType());
    this.properties.put(ConsumerState.STARTED_AT, Long.toString(startedMillis));
    this.queues = queues;
    this.handler = handler;
  }

  @Override
  public Map<MessageQueue, Long> progress(String topic) {
    Map<MessageQueue, Long> progress = new HashMap<>();
    queues.get().forEach((queue, running) -> {
      if (queue.topic().equals(topic) && running.done() >= 0) {
        progress.put(QueueLocks.wire(queue), running.done());
      }
    });
    return progress;
  }

  @Override
  public ConsumerState running(boolean withStacks) {
    Map<MessageQueue, QueueState> all = new HashMap<>();
    queues.get().forEach((queue, running) -> all.put(QueueLocks.wire(queue), running));
    return new ConsumerState(
        properties,
        subscriptions.entry().subscriptions(),
        all,
        withStacks ? ThreadStacks.text() : null);
  }

  @Override
  public CompletionStage<HandledDirectly> handle(String brokerName, byte[] message) {
    if (handler == null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("it polls its messages, there is no handler here"));
    }
    return handler.handle(brokerName, message);
  }
}
