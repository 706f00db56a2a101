package io.escrowmq.broker.reply;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PushReplyHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Replies: each is handed to the connection of the client that asked, and answered when that client
 * has taken it. A request itself is a message like others. Runs on event loops.
 *
 * <p>A reply is not stored: nobody consumes it, and its requester is gone after a restart.
 */
public final class ReplyHandler {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long MOST_PENDING_BYTES = 32 << 20; // of replies that no requester has taken
  private static final long MOST_OF_REQUESTER =
      8 << 20; // the same of one; a single reply may be larger
  private static final int OVERHEAD = 512; // bytes of one pending reply besides its body
  private static final String NOT_STORED = "0"; // the message id that clients know for it

  private final TopicCatalog topics;
  private final ClientRegistry clients;
  private final String storeHost;
  private final int maxMessageBytes;
  private final InstantSource clock;
  private final AtomicLong pendingBytes = new AtomicLong(); // of all requesters
  private final Map<Connection, Long> pendingOf = new ConcurrentHashMap<>(); // by requester

  /**
   * @param storeHost the address "ip:port" that clients are told
   * @param maxMessageBytes a larger body is refused
   */
  public ReplyHandler(
      TopicCatalog topics,
      ClientRegistry clients,
      String storeHost,
      int maxMessageBytes,
      InstantSource clock) {
    this.topics = topics;
    this.clients = clients;
    this.storeHost = storeHost;
    this.maxMessageBytes = maxMessageBytes;
    this.clock = clock;
  }

  /** SEND_REPLY_MESSAGE and SEND_REPLY_MESSAGE_V2. */
  public void accept(Call call, SendMessageHeader header) {
    Reply refusal = refusal(call, header);
    if (refusal != null) {
      call.reply(refusal);
      return;
    }
    String clientId = Properties.value(header.properties(), PropertyNames.REPLY_TO_CLIENT);
    if (clientId == null || clientId.isEmpty()) {
      call.reply(notDelivered("the property REPLY_TO_CLIENT, which names who asked, is missing"));
      return;
    }
    Connection requester = clients.producerConnection(clientId);
    if (requester == null || !requester.isOpen()) {
      call.reply(notDelivered("no producer of the client " + clientId + " is connected"));
      return;
    }
    long bytes = (long) call.body().remaining() + header.properties().length() + OVERHEAD;
    String full = hold(requester, bytes);
    if (full != null) {
      call.reply(Reply.refused(ResponseCode.SYSTEM_BUSY, full));
      return;
    }
    requester.call(push(call, header), PATIENCE).whenComplete((answer, failure) -> {
      giveBack(requester, bytes);
      call.reply(answer(clientId, Math.max(0, header.queueId()), answer, failure));
    });
  }

  /** Counts a reply that its requester has not taken yet, or says why there is no room for it. */
  private @Nullable String hold(Connection requester, long bytes) {
    long own = pendingOf.merge(requester, bytes, Long::sum);
    long all = pendingBytes.addAndGet(bytes);
    boolean isOwnFull = own > MOST_OF_REQUESTER && own > bytes;
    if (!isOwnFull && all <= MOST_PENDING_BYTES) {
      return null;
    }
    giveBack(requester, bytes);
    return isOwnFull
        ? "the client that asked has not taken replies of " + (own - bytes) + " bytes, at most "
            + MOST_OF_REQUESTER + " may wait for one client; try again"
        : "requesters have not taken replies of " + (all - bytes) + " bytes, at most "
            + MOST_PENDING_BYTES + " may wait for all; try again";
  }

  private void giveBack(Connection requester, long bytes) {
    pendingBytes.addAndGet(-bytes);
    pendingOf.computeIfPresent(requester, (key, own) -> own == bytes ? null : own - bytes);
  }

  private @Nullable Reply refusal(Call call, SendMessageHeader header) {
    Topic topic = topics.find(header.topic());
    if (topic == null) {
      return Reply.refused(
          ResponseCode.TOPIC_NOT_EXIST, "the reply topic " + header.topic() + " does not exist");
    }
    if (header.queueId() >= topic.queues()) {
      return Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "the topic " + topic.name() + " has " + topic.queues() + " queues; there is no queue "
              + header.queueId());
    }
    int bytes = call.body().remaining();
    if (bytes > maxMessageBytes) {
      return Reply.refused(
          ResponseCode.MESSAGE_ILLEGAL,
          "the body has " + bytes + " bytes, at most " + maxMessageBytes
              + " are allowed (message.max-bytes)");
    }
    int propertyBytes = Properties.byteLength(header.properties());
    if (propertyBytes > Properties.MAX_BYTES) {
      return Reply.refused(
          ResponseCode.MESSAGE_ILLEGAL,
          "the properties take " + propertyBytes + " bytes, at most " + Properties.MAX_BYTES
              + " are allowed");
    }
    return null;
  }

  private Request push(Call call, SendMessageHeader header) {
    long now = clock.millis();
    String properties =
        Properties.appended(header.properties(), PropertyNames.PUSH_REPLY_TIME, Long.toString(now));
    InetSocketAddress from = call.connection().remoteAddress();
    PushReplyHeader pushed = new PushReplyHeader(
        header.withProperties(properties),
        from.getAddress().getHostAddress() + ":" + from.getPort(),
        storeHost,
        now);
    return new Request(RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT, pushed, Body.of(call.bodyBytes()));
  }

  private static Reply answer(
      String clientId, int queueId, @Nullable Answer answer, @Nullable Throwable failure) {
    if (failure != null || answer == null) {
      return notDelivered("the client " + clientId + ", which asked, did not take it within "
          + PATIENCE.toSeconds() + " s");
    }
    if (!answer.isOk()) {
      return notDelivered(
          "the client " + clientId + ", which asked, refused it with code " + answer.code());
    }
    return Reply.ok(new SendResponseHeader(
        NOT_STORED, queueId, 0, null, null, SendResponseHeader.DEFAULT_REGION, true));
  }

  // The code of every reply that cannot be delivered; clients of RocketMQ know it.
  private static Reply notDelivered(String why) {
    return Reply.refused(ResponseCode.SYSTEM_ERROR, "the reply was not delivered: " + why);
  }
}
