package io.escrowmq.broker.reply;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Replies: each is handed to the connection of the client that asked, and answered when that client
 * has taken it. A request itself is a message like others. Runs on event loops.
 *
 * <p>A reply is not stored: nobody consumes it, and its requester is gone after a restart.
 */
final class Replies {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long MOST_PENDING_BYTES = 32 << 20; // of replies that no requester has taken
  private static final long MOST_OF_REQUESTER =
      8 << 20; // the same of one; a single reply may be larger
  private static final int OVERHEAD = 512; // bytes of one pending reply besides its body

  /**
   * A reply as it came.
   *
   * @param push makes what its requester is sent, at a time
   */
  record ReplyMessage(
      String topic, int queueId, String properties, int bodyBytes, LongFunction<Request> push) {}

  /** What is told to who replied, once. */
  interface Outcome {

    /** Its requester has taken it. */
    void delivered();

    void refused(Refusal why);
  }

  private final TopicCatalog topics;
  private final ClientRegistry clients;
  private final int maxMessageBytes;
  private final InstantSource clock;
  private final AtomicLong pendingBytes = new AtomicLong(); // of all requesters
  private final Map<Connection, Long> pendingOf = new ConcurrentHashMap<>(); // by requester

  /** @param maxMessageBytes a larger body is refused */
  Replies(TopicCatalog topics, ClientRegistry clients, int maxMessageBytes, InstantSource clock) {
    this.topics = topics;
    this.clients = clients;
    this.maxMessageBytes = maxMessageBytes;
    this.clock = clock;
  }

  void deliver(ReplyMessage reply, Outcome outcome) {
    Refusal refusal = refusal(reply);
    if (refusal != null) {
      outcome.refused(refusal);
      return;
    }
    String clientId = Properties.value(reply.properties(), PropertyNames.REPLY_TO_CLIENT);
    if (clientId == null || clientId.isEmpty()) {
      outcome.refused(new Refusal.ReplyNotDelivered(
          "the property REPLY_TO_CLIENT, which names who asked, is missing"));
      return;
    }
    Connection requester = clients.producerConnection(clientId);
    if (requester == null || !requester.isOpen()) {
      outcome.refused(
          new Refusal.ReplyNotDelivered("no producer of the client " + clientId + " is connected"));
      return;
    }
    long bytes = (long) reply.bodyBytes() + reply.properties().length() + OVERHEAD;
    Refusal full = hold(requester, bytes);
    if (full != null) {
      outcome.refused(full);
      return;
    }
    Request push = reply.push().apply(clock.millis());
    requester.call(push, PATIENCE).whenComplete((answer, failure) -> {
      giveBack(requester, bytes);
      Refusal untaken = untaken(clientId, answer, failure);
      if (untaken == null) {
        outcome.delivered();
      } else {
        outcome.refused(untaken);
      }
    });
  }

  /** Counts a reply that its requester has not taken yet, or says why there is no room for it. */
  private @Nullable Refusal hold(Connection requester, long bytes) {
    long own = pendingOf.merge(requester, bytes, Long::sum);
    long all = pendingBytes.addAndGet(bytes);
    boolean isOwnFull = own > MOST_OF_REQUESTER && own > bytes;
    if (!isOwnFull && all <= MOST_PENDING_BYTES) {
      return null;
    }
    giveBack(requester, bytes);
    return isOwnFull
        ? new Refusal.RepliesOfRequesterWait(own - bytes, MOST_OF_REQUESTER)
        : new Refusal.RepliesWait(all - bytes, MOST_PENDING_BYTES);
  }

  private void giveBack(Connection requester, long bytes) {
    pendingBytes.addAndGet(-bytes);
    pendingOf.computeIfPresent(requester, (key, own) -> own == bytes ? null : own - bytes);
  }

  private @Nullable Refusal refusal(ReplyMessage reply) {
    Topic topic = topics.find(reply.topic());
    if (topic == null) {
      return new Refusal.NoSuchTopic(reply.topic());
    }
    if (reply.queueId() >= topic.queues()) {
      return new Refusal.NoSuchQueue(topic.name(), topic.queues(), reply.queueId());
    }
    if (reply.bodyBytes() > maxMessageBytes) {
      return new Refusal.BodyTooLong(reply.bodyBytes(), maxMessageBytes);
    }
    int propertyBytes = Properties.byteLength(reply.properties());
    return propertyBytes > Properties.MAX_BYTES
        ? new Refusal.BadMessage("the properties take " + propertyBytes + " bytes, at most "
            + Properties.MAX_BYTES + " are allowed")
        : null;
  }

  private static @Nullable Refusal untaken(
      String clientId, @Nullable Answer answer, @Nullable Throwable failure) {
    if (failure != null || answer == null) {
      return new Refusal.ReplyNotDelivered("the client " + clientId
          + ", which asked, did not take it within " + PATIENCE.toSeconds() + " s");
    }
    return answer.isOk()
        ? null
        : new Refusal.ReplyNotDelivered(
            "the client " + clientId + ", which asked, refused it with code " + answer.code());
  }
}
