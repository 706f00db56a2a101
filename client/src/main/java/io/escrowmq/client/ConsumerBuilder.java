package io.escrowmq.client;

import io.escrowmq.client.handle.ConsumerSettings;
import io.escrowmq.client.handle.RetrySettings;
import io.escrowmq.client.pull.ConsumerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says what a group consumes and how, and starts a member of it. Needs {@link #subscribe} and one of
 * the handlers; everything else has a default. Owner: whoever builds.
 */
public final class ConsumerBuilder {

  private final Function<ConsumerSettings, Consumer> start;
  private final String group;
  private final Map<String, Filter> subscriptions = new LinkedHashMap<>();
  private @Nullable DecidingHandler handler;
  private boolean ordered;
  private StartFrom startFrom = StartFrom.end();
  private int concurrency = 20;
  private double ratePerSecond;
  private int maxDeliveries = 16;
  private @Nullable Duration firstRetry;
  private ConsumerLimits limits = ConsumerLimits.DEFAULT;
  private Duration stopTimeout = Duration.ofSeconds(30);
  private @Nullable Path broadcastOffsets;

  ConsumerBuilder(String group, Function<ConsumerSettings, Consumer> start) {
    this.group = Names.group(group);
    this.start = start;
  }

  /** Consumes all messages of this topic; may be called for several. */
  public ConsumerBuilder subscribe(String topic) {
    return subscribe(topic, Filter.all());
  }

  /** Consumes the messages of this topic that the filter wants; every member must want the same. */
  public ConsumerBuilder subscribe(String topic, Filter filter) {
    Objects.requireNonNull(filter, "the filter is null");
    subscriptions.put(Names.topic(topic), filter);
    return this;
  }

  /** Handles messages side by side, in no order. */
  public ConsumerBuilder handler(Handler handler) {
    return decidingHandler(undecided(handler));
  }

  /** Handles messages side by side, and decides itself what becomes of each. */
  public ConsumerBuilder decidingHandler(DecidingHandler handler) {
    return handledBy(handler, false);
  }

  /**
   * Handles the messages of each queue one after the other; a message that fails is handled again
   * before the next one, and its queue waits. Messages with one ordering key are in one queue.
   */
  public ConsumerBuilder orderlyHandler(Handler handler) {
    return decidingOrderlyHandler(undecided(handler));
  }

  /** As {@link #orderlyHandler}, and decides itself what becomes of each message. */
  public ConsumerBuilder decidingOrderlyHandler(DecidingHandler handler) {
    return handledBy(handler, true);
  }

  private static DecidingHandler undecided(Handler handler) {
    Objects.requireNonNull(handler, "the handler is null");
    return delivery -> {
      handler.handle(delivery);
      return Verdict.done();
    };
  }

  private ConsumerBuilder handledBy(DecidingHandler given, boolean inOrder) {
    Objects.requireNonNull(given, "the handler is null");
    if (handler != null) {
      throw new IllegalStateException("the consumer of " + group + " has a handler already");
    }
    handler = given;
    ordered = inOrder;
    return this;
  }

  /** Where the group begins when it is new; with messages sent from now on by default. */
  public ConsumerBuilder startFrom(StartFrom place) {
    Objects.requireNonNull(place, "the place to start from is null");
    startFrom = place;
    return this;
  }

  /**
   * How many messages are handled at the same time, each on a thread of its own; 20 by default. Too
   * low leaves messages waiting while handlers wait for others, too high overloads what they use.
   */
  public ConsumerBuilder concurrency(int handlers) {
    concurrency = handlers;
    return this;
  }

  /** How many messages this member begins in a second at most; no limit (0) by default. */
  public ConsumerBuilder ratePerSecond(double messages) {
    ratePerSecond = messages;
    return this;
  }

  /**
   * How often a message is delivered, the first time included; 16 by default. After the last one it
   * goes to the topic {@code %DLQ%group}; a broadcasting consumer logs it.
   */
  public ConsumerBuilder maxDeliveries(int times) {
    maxDeliveries = times;
    return this;
  }

  /**
   * The pause before the second delivery; the following ones are longer and longer. By default the
   * broker chooses (10 s, 30 s, 1 min and so on up to 2 h); ordered queues begin with 1 s and double
   * it up to 30 s. Brokers know 18 delays from 1 s on: the next longer one is taken.
   */
  public ConsumerBuilder retryAfter(Duration pause) {
    Objects.requireNonNull(pause, "the pause is null");
    firstRetry = pause;
    return this;
  }

  /**
   * What is kept in memory; 2,000 messages and 32 MiB of one queue, 128 MiB in all by default. Too
   * low makes handlers wait for the network, too high takes memory and time when queues move.
   */
  public ConsumerBuilder limits(int queueMessages, long queueBytes, long allBytes) {
    limits = new ConsumerLimits(queueMessages, queueBytes, allBytes);
    return this;
  }

  /** How long {@link Consumer#close} waits for handlers that have begun; 30 s by default. */
  public ConsumerBuilder stopTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "the stop timeout is null");
    stopTimeout = timeout;
    return this;
  }

  /**
   * Every member gets every message, and keeps its own progress in this file, which no other consumer
   * may use.
   */
  public ConsumerBuilder broadcasting(Path offsetsFile) {
    Objects.requireNonNull(offsetsFile, "the offsets file is null");
    broadcastOffsets = offsetsFile;
    return this;
  }

  /**
   * Starts the member; does not wait for it to have queues. Its threads keep no process alive: a
   * program that only consumes must wait for something itself.
   *
   * @throws FilterRefusedException when a broker cannot read the condition of {@link Filter#sql}
   * @throws IllegalStateException when there is no handler, or when this client has a consumer of the
   *     group already
   */
  public Consumer start() {
    if (handler == null) {
      throw new IllegalStateException("the consumer of " + group + " has no handler");
    }
    return start.apply(new ConsumerSettings(
        group,
        subscriptions,
        handler,
        ordered,
        startFrom,
        concurrency,
        ratePerSecond,
        new RetrySettings(maxDeliveries, firstRetry),
        limits,
        stopTimeout,
        broadcastOffsets));
  }
}
