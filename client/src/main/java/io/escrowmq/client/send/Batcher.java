package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.core.Timer.Scheduled;
import io.escrowmq.client.route.Route;
import io.escrowmq.client.route.Routes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets messages wait a moment for others that go the same way. A batch leaves when it is full, or when
 * its first message has waited for the linger time. Any thread.
 */
final class Batcher {

  private static final int OVERHEAD_BYTES = 128; // of a message with few properties

  private final String group;
  private final Timer timer;
  private final Routes routes;
  private final Duration linger;
  private final int fullBytes;
  private final Consumer<OpenBatch> send;
  private final Map<Way, Lane> lanes = new ConcurrentHashMap<>();

  /** Messages that may share a batch: no ordering key (queue is null), or keys of one queue. */
  private record Way(String topic, @Nullable TopicQueue queue) {}

  Batcher(
      String group,
      Timer timer,
      Routes routes,
      Duration linger,
      int fullBytes,
      Consumer<OpenBatch> send) {
    this.group = group;
    this.timer = timer;
    this.routes = routes;
    this.linger = linger;
    this.fullBytes = fullBytes;
    this.send = send;
  }

  CompletionStage<SendReceipt> add(Message message, String messageId, long room) {
    return lanes.computeIfAbsent(way(message), way -> new Lane()).add(message, messageId, room);
  }

  private Way way(Message message) {
    String key = message.orderingKey();
    Route route = key == null ? null : routes.known(message.topic());
    return new Way(
        message.topic(), key == null || route == null ? null : QueueChoice.of(route, key));
  }

  /** Whether the message's way is known; without a route, the way of an ordering key is not. */
  boolean knowsWayOf(Message message) {
    return message.orderingKey() == null || routes.known(message.topic()) != null;
  }

  /** Sends what waits. */
  void flush() {
    lanes.values().forEach(Lane::flush);
  }

  /** The batch that is open on one way. */
  private final class Lane {

    // guarded by this
    private @Nullable OpenBatch open;
    private @Nullable Scheduled lingering;
    private int usualBytes; // of the batch before

    CompletionStage<SendReceipt> add(Message message, String messageId, long room) {
      CompletionStage<SendReceipt> receipt;
      OpenBatch full = null;
      synchronized (this) {
        OpenBatch batch = open;
        if (batch == null) {
          batch = new OpenBatch(
              group,
              message.topic(),
              message.orderingKey(),
              expectedBytes(message),
              timer.millis());
          open = batch;
          lingering = timer.after(linger, this::flush);
        }
        receipt = batch.add(message, messageId, room);
        if (batch.bytes() >= fullBytes) {
          full = taken();
        }
      }
      if (full != null) {
        send.accept(full);
      }
      return receipt;
    }

    void flush() {
      OpenBatch batch;
      synchronized (this) {
        batch = taken();
      }
      if (batch != null) {
        send.accept(batch);
      }
    }

    // As large as the one before, and one message more: a batch that has to grow is copied, and one
    // that stays half empty was cleared in vain.
    private int expectedBytes(Message first) {
      return Math.min(usualBytes, fullBytes) + 2 * (first.body().length + OVERHEAD_BYTES);
    }

    private @Nullable OpenBatch taken() {
      OpenBatch batch = open;
      open = null;
      if (batch != null) {
        usualBytes = batch.bytes();
      }
      if (lingering != null) {
        lingering.cancel();
        lingering = null;
      }
      return batch;
    }
  }
}
