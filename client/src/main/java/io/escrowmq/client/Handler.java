package io.escrowmq.client;

/**
 * What an application does with a message. A concurrent consumer calls it from several threads at
 * once, an orderly one for one queue after the other message.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Handles one message. To return means that it is done; to throw means that it is to be delivered
   * again, later, or to be set aside after the last delivery.
   *
   * <p>A message may be delivered more often than once: after a crash, or when queues move to another
   * member of the group.
   */
  void handle(Delivery delivery) throws Exception;
}
