package io.escrowmq.client;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Says what a group consumes and how, and starts a member of it. Needs {@link #subscribe} and one of
 * the handlers; everything else has a default. Owner: the caller.
 */
public interface ConsumerBuilder {

  /** Consumes all messages of this topic; may be called for several. */
  ConsumerBuilder subscribe(String topic);

  /** Consumes the messages of this topic that the filter wants; every member must want the same. */
  ConsumerBuilder subscribe(String topic, Filter filter);

  /** Handles messages side by side, in no order. */
  ConsumerBuilder handler(Handler handler);

  /** Handles messages side by side, and decides itself what becomes of each. */
  ConsumerBuilder decidingHandler(DecidingHandler handler);

  /**
   * Handles the messages of each queue one after the other; a message that fails is handled again
   * before the next one, and its queue waits. Messages with one ordering key are in one queue.
   */
  ConsumerBuilder orderlyHandler(Handler handler);

  /** As {@link #orderlyHandler}, and decides itself what becomes of each message. */
  ConsumerBuilder decidingOrderlyHandler(DecidingHandler handler);

  /** Where the group begins when it is new; with messages sent from now on by default. */
  ConsumerBuilder startFrom(StartFrom place);

  /**
   * How many messages are handled at the same time, each on a thread of its own; 20 by default. Too
   * low leaves messages waiting while handlers wait for others, too high overloads what they use.
   */
  ConsumerBuilder concurrency(int handlers);

  /** How many messages this member begins in a second at most; no limit (0) by default. */
  ConsumerBuilder ratePerSecond(double messages);

  /**
   * How often a message is delivered, the first time included; 16 by default. After the last one it
   * goes to the topic {@code %DLQ%group}; a broadcasting consumer logs it.
   */
  ConsumerBuilder maxDeliveries(int times);

  /**
   * The pause before the second delivery; the following ones are longer and longer. By default the
   * broker chooses (10 s, 30 s, 1 min and so on up to 2 h); ordered queues begin with 1 s and double
   * it up to 30 s. Brokers know 18 delays from 1 s on: the next longer one is taken.
   */
  ConsumerBuilder retryAfter(Duration pause);

  /**
   * What is kept in memory; 2,000 messages and 32 MiB of one queue, 128 MiB in all by default. Too
   * low makes handlers wait for the network, too high takes memory and time when queues move.
   */
  ConsumerBuilder limits(int queueMessages, long queueBytes, long allBytes);

  /** How long {@link Consumer#close} waits for handlers that have begun; 30 s by default. */
  ConsumerBuilder stopTimeout(Duration timeout);

  /**
   * Every member gets every message, and keeps its own progress in this file, which no other consumer
   * may use.
   */
  ConsumerBuilder broadcasting(Path offsetsFile);

  /**
   * Starts the member; does not wait for it to have queues. Its threads keep no process alive: a
   * program that only consumes must wait for something itself.
   *
   * @throws FilterRefusedException when a broker cannot read the condition of {@link Filter#sql}
   * @throws IllegalStateException when there is no handler, or when this client has a consumer of the
   *     group already
   */
  Consumer start();
}
