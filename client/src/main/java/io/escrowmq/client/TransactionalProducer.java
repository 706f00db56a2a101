package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * Sends messages that become visible when a local transaction commits, as that of RocketMQ does: the
 * half-message first, then {@link TransactionListener#execute}, then its outcome; and the broker
 * asks {@link TransactionListener#check} when it is not told. Works with RocketMQ 5 brokers too. Any
 * thread.
 *
 * <pre>{@code
 * try (TransactionalProducer producer =
 *     client.transactionalProducer("order-service", listener).build()) {
 *   producer.send(Message.to("orders").key("order-17").body(bytes), order);
 * }
 * }</pre>
 */
public interface TransactionalProducer extends AutoCloseable {

  /**
   * Stores the half-message, runs the listener on this thread, and reports what it says, without
   * waiting for the broker to confirm that: {@link TransactionReceipt#confirmation} does.
   *
   * @param argument handed to the listener
   * @throws EscrowException the half-message was not confirmed, the listener has not run, and the
   *     message stays invisible, unless a check commits it
   */
  TransactionReceipt send(Message message, @Nullable Object argument);

  /**
   * Takes no more messages, waits for the confirmations that are still to come, and answers no more
   * checks.
   */
  @Override
  void close();
}
