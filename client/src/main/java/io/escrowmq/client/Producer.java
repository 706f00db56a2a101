package io.escrowmq.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Sends messages. One instance serves any number of threads and topics, over the connections that it
 * shares with everything else of its {@link EscrowClient}.
 *
 * <p>A send is tried again, on other queues and brokers, until it is confirmed or its one deadline
 * passes ({@link ProducerBuilder#sendTimeout}). A message with an ordering key stays with its queue
 * while the topic's route stays the same.
 *
 * <p>What is under way is bounded in bytes. When the bound is reached, {@link #send} waits for room
 * within its deadline; {@link #sendAsync} never waits and fails with {@link OverloadedException}.
 *
 * <p>Stages complete on a network thread: what depends on them must be quick and must not block; the
 * blocking methods refuse to be called there. Use {@code thenApplyAsync} and its like for real work.
 */
public interface Producer extends AutoCloseable {

  /**
   * Sends and waits for the confirmation, at most the send timeout.
   *
   * @throws SendTimeoutException the message may or may not be stored
   * @throws EscrowException any other: the message is not stored, unless {@link
   *     EscrowException#mayHaveHappened()}
   */
  SendReceipt send(Message message);

  /** Sends; the stage ends with the receipt or with the exceptions of {@link #send}. */
  CompletionStage<SendReceipt> sendAsync(Message message);

  /** Sends and forgets: no confirmation, no second try, no exception but for a closed producer. */
  void sendOneWay(Message message);

  /**
   * Sends all of them in one request: all are stored, one after the other in one queue, or none.
   *
   * @param messages at least one, all of one topic and one ordering key, none of them delayed; their
   *     bodies together within the broker's limit for one message
   * @return one receipt for each, in their order
   */
  List<SendReceipt> sendBatch(List<Message> messages);

  /** As {@link #sendBatch}, without waiting. */
  CompletionStage<List<SendReceipt>> sendBatchAsync(List<Message> messages);

  /**
   * Sends a message and waits for what a consumer of its topic replies. The first reply counts; consumers
   * reply with {@link #reply}, those of RocketMQ with a reply message of theirs.
   *
   * @param timeout for sending and reply together, from 1 ms to 1 day
   * @throws ReplyTimeoutException a broker has the message, and no reply came in time
   * @throws EscrowException any other: as {@link #send}, but it never waits for room
   */
  Reply request(Message message, Duration timeout);

  /** As {@link #request}; the stage ends with the reply or with its exceptions. */
  CompletionStage<Reply> requestAsync(Message message, Duration timeout);

  /**
   * Replies to a request, typically in the handler that it was delivered to. A request that is delivered
   * again may be replied to again: the requester drops the second reply. Waits until the requester has the
   * reply, at most the send timeout.
   *
   * @param request the delivery as the handler was given it
   * @throws NoRequesterException the delivery is no request, or its requester is gone
   */
  void reply(Delivery request, byte[] body);

  /** As {@link #reply(Delivery, byte[])}, the body in UTF-8. */
  default void reply(Delivery request, String text) {
    reply(request, text.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@link #reply(Delivery, byte[])}, without waiting. */
  CompletionStage<Void> replyAsync(Delivery request, byte[] body);

  /** Takes no more messages; waits, at most the send timeout, for those under way. */
  @Override
  void close();
}
