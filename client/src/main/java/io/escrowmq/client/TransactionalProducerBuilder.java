package io.escrowmq.client;

import java.time.Duration;

/** Says how a transactional producer works, and starts it. Owner: the caller. */
public interface TransactionalProducerBuilder {

  /**
   * The one deadline of storing a half-message, all tries included; 3 s by default. Too short gives
   * up on brokers that are only slow, too long lets callers hang while no broker is there.
   */
  TransactionalProducerBuilder sendTimeout(Duration timeout);

  /**
   * Makes bodies from this size on smaller; off by default.
   *
   * @param fromBytes below some hundred bytes it costs more than it saves
   * @throws IllegalStateException when the library for it is not on the class path
   */
  TransactionalProducerBuilder compression(Compression kind, int fromBytes);

  /** How many checks run at a time; 1 by default. */
  TransactionalProducerBuilder checkThreads(int threads);

  /**
   * Starts it: brokers may ask from now on. Does not wait.
   *
   * @throws IllegalStateException when this client answers for the group already
   */
  TransactionalProducer build();
}
