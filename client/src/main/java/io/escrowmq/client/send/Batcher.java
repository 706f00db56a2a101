package io.escrowmq.client.send;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.core.Timer.TimerEntry;
import io.escrowmq.client.route.Route;
import io.escrowmq.client.route.Routes;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.remoting.message.UniqueIds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
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
  private final UniqueIds ids;
  private final SpareArrays spare;
  private final Duration linger;
  private final int fullBytes;
  private final Consumer<OpenBatch> send; // throws nothing
  private final Map<String, Lane> byTopic = new ConcurrentHashMap<>(); // without ordering key
  private final Map<TopicQueue, Lane> byQueue = new ConcurrentHashMap<>(); // with keys of one queue

  Batcher(
      String group,
      Timer timer,
      Routes routes,
      UniqueIds ids,
      SpareArrays spare,
      Duration linger,
      int fullBytes,
      Consumer<OpenBatch> send) {
    this.group = group;
    this.timer = timer;
    this.routes = routes;
    this.ids = ids;
    this.spare = spare;
    this.linger = linger;
    this.fullBytes = fullBytes;
    this.send = send;
  }

  CompletionStage<SendReceipt> add(Message message, long room) {
    return lane(message).add(message, room);
  }

  private Lane lane(Message message) {
    String key = message.orderingKey();
    Route route = key == null ? null : routes.known(message.topic());
    TopicQueue queue = key == null || route == null ? null : QueueChoice.of(route, key);
    return queue == null ? lane(byTopic, message.topic()) : lane(byQueue, queue);
  }

  private <K> Lane lane(Map<K, Lane> lanes, K way) {
    Lane known = lanes.get(way);
    return known == null ? lanes.computeIfAbsent(way, fresh -> new Lane()) : known;
  }

  /** Whether the message's way is known; without a route, the way of an ordering key is not. */
  boolean knowsWayOf(Message message) {
    return message.orderingKey() == null || routes.known(message.topic()) != null;
  }

  /** Sends what waits. */
  void flush() {
    byTopic.values().forEach(Lane::flush);
    byQueue.values().forEach(Lane::flush);
  }

  /** The batch that is open on one way. */
  private final class Lane {

    // guarded by this
    private @Nullable OpenBatch open;
    private @Nullable TimerEntry lingering;
    private final Queue<OpenBatch> ready = new ArrayDeque<>(); // oldest first
    private boolean sending; // a thread does, and will send what becomes ready meanwhile
    private int usualBytes; // of the batch before

    CompletionStage<SendReceipt> add(Message message, long room) {
      CompletionStage<SendReceipt> receipt;
      boolean full;
      synchronized (this) {
        OpenBatch batch = open;
        if (batch == null) {
          batch = new OpenBatch(new MessageBatch(
              group,
              message.topic(),
              message.orderingKey(),
              new BatchBody(spare, expectedBytes(message)),
              timer.millis(),
              ids));
          open = batch;
          lingering = timer.after(linger, this::flush);
        }
        receipt = batch.add(message, room);
        full = batch.messages().bytes() >= fullBytes;
        if (full) {
          close();
        }
      }
      if (full) {
        sendReady();
      }
      return receipt;
    }

    void flush() {
      synchronized (this) {
        close();
      }
      sendReady();
    }

    // One at a time, without the lock: a batch that lingered is not overtaken by the next full one.
    private void sendReady() {
      for (OpenBatch batch = nextReady(false); batch != null; batch = nextReady(true)) {
        try {
          send.accept(batch);
        } catch (RuntimeException
            | Error e) { // this batch's own failure; the next one is sent all the same
          batch.settle(null, e);
        }
      }
    }

    private synchronized @Nullable OpenBatch nextReady(boolean mine) {
      if (sending && !mine) {
        return null;
      }
      OpenBatch batch = ready.poll();
      sending = batch != null;
      return batch;
    }

    // As large as the one before, and one message more: a batch that has to grow is copied, and one
    // that stays half empty was cleared in vain.
    private int expectedBytes(Message first) {
      return Math.min(usualBytes, fullBytes) + 2 * (first.body().length + OVERHEAD_BYTES);
    }

    private void close() {
      OpenBatch batch = open;
      open = null;
      if (batch != null && batch.messages().count() > 0) { // else its only message was refused
        usualBytes = batch.messages().bytes();
        ready.add(batch);
      }
      if (lingering != null) {
        lingering.cancel();
        lingering = null;
      }
    }
  }
}
