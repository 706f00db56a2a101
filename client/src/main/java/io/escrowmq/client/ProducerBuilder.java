package io.escrowmq.client;

import java.time.Duration;

/** Says how a producer sends, and starts it. Owner: the caller; every setting has a default. */
public interface ProducerBuilder {

  /** The group that brokers list the producer in; {@code escrowmq-producers} by default. */
  ProducerBuilder group(String name);

  /**
   * The one deadline of a send, all tries included; 3 s by default. Too short gives up on brokers
   * that are only slow, too long lets callers hang while no broker is there.
   */
  ProducerBuilder sendTimeout(Duration timeout);

  /**
   * How often a message is sent again after a try that may have reached a broker, or that a broker
   * refused for the moment; 2 by default. 0 never makes a second message, and gives up sooner. Tries
   * that reached no broker are not counted.
   */
  ProducerBuilder retries(int times);

  /**
   * How many bytes may be under way; 64 MiB by default. Too low makes senders wait for each other,
   * too high takes memory while brokers are slow.
   */
  ProducerBuilder maxInFlightBytes(long bytes);

  /**
   * Lets messages wait so long for others of their topic, to go with them in one request; off (zero)
   * by default. A few milliseconds multiply what a producer and a broker can do; every message may
   * be late by as much.
   */
  ProducerBuilder linger(Duration time);

  /** With {@link #linger}: a batch of so many bytes does not wait; 64 KiB by default. */
  ProducerBuilder batchBytes(int bytes);

  /**
   * Makes bodies from this size on smaller; off by default. Never those in batches.
   *
   * @param fromBytes below some hundred bytes it costs more than it saves
   * @throws IllegalStateException when the library for it is not on the class path
   */
  ProducerBuilder compression(Compression kind, int fromBytes);

  /** Starts it; asks no server and does not wait. */
  Producer build();
}
