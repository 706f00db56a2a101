package io.escrowmq.client;

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

  /** Takes no more messages; waits, at most the send timeout, for those under way. */
  @Override
  void close();
}
